"""The live register: licences and their lines, with a life cycle per line."""
