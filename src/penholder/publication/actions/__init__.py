"""The acts of publication."""

from penholder.publication.actions.announce import announce_release

__all__ = ["announce_release"]
