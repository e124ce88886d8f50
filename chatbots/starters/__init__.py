"""Starting points for a new chatbot, one per file: a document to fill in."""

from chatbots.starters import faq, help_desk, lead_qualification, onboarding, support

STARTERS = (
    support.STARTER,
    lead_qualification.STARTER,
    faq.STARTER,
    onboarding.STARTER,
    help_desk.STARTER,
)
