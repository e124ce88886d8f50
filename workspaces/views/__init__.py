"""The pages of a workspace's settings, of invitations, and the way in."""
