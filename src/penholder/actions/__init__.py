"""The one door for writes: action, guard, registry, permissions, outbox, schedule. Knows no capability."""
