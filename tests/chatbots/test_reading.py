"""A half-filled draft still gives an assistant."""

from chatbots.reading import read


def test_an_empty_document_gives_the_defaults() -> None:
    chatbot = read({})
    assert (chatbot.name, chatbot.system_prompt, chatbot.temperature) == ("", "", 0.7)


def test_only_the_faulty_value_is_dropped() -> None:
    chatbot = read(
        {
            "temperature": 9,
            "appearance": {"primary_color": "blueish", "welcome_message": "Hi"},
            "variables": [{"type": "text"}, {"name": "ok"}, {"name": "plan", "type": "select"}],
            "deployment": {"channels": [{"type": "fax"}, {"type": "website", "enabled": True}]},
        }
    )
    assert chatbot.temperature == 0.7
    assert chatbot.appearance.primary_color == "#4F46E5"
    assert chatbot.appearance.welcome_message == "Hi"
    assert [variable.name for variable in chatbot.variables] == ["ok"]
    assert [channel.type for channel in chatbot.deployment.channels] == ["website"]


def test_what_was_given_is_not_changed() -> None:
    data = {"temperature": 9, "appearance": {"primary_color": "x"}}
    read(data)
    assert data == {"temperature": 9, "appearance": {"primary_color": "x"}}
