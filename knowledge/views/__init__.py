"""The pages of knowledge bases, and what their builder has besides its forms."""
