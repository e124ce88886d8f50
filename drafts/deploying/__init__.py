"""From a draft to a release: plan, deploy, hand over, roll back."""
