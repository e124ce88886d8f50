"""Deploys a draft in a process of its own, which may be told to crash (``CRASH_AT``).

``python -m tests.drafts.crashing <user> <workspace> <draft> <folder>`` prints the entity's id.
"""

import sys
from pathlib import Path

import django

django.setup()

from drafts.deploying import deploy  # noqa: E402
from drafts.types import draft_types  # noqa: E402
from tests.drafts.notes import NoteDraft  # noqa: E402
from workspaces.access import Actor  # noqa: E402
from workspaces.models import Role, User, Workspace  # noqa: E402

user_id, workspace_id, draft_id, folder = sys.argv[1:]
user = User.objects.get(pk=user_id)
actor = Actor(Workspace.objects.get(pk=workspace_id), Role.EDITOR, user.email, user)
notes = draft_types.register("note", NoteDraft(Path(folder)))
result = deploy.deploy(actor, notes, draft_id)
sys.stdout.write(f"{result.entity.pk}\n")
