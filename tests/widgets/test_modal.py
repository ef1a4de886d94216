"""Questions over a screen."""

from __future__ import annotations

from frontdesk.widgets.modal import Answer, Question
from tests.widgets.test_hostile_text import Alone


async def test_a_question_longer_than_a_line_is_asked_to_its_end() -> None:
    words = "Archive Christopher Chapman? They are found no more; their visits and sales stay. " * 3
    async with Alone().run_test(size=(60, 24)) as pilot:
        await pilot.app.push_screen(Question(words, [Answer("y", "archive them", True)]))
        await pilot.pause()
        strips = pilot.app.screen._compositor.render_strips()
        painted = " ".join(" ".join(strip.text.split()) for strip in strips)
        assert " ".join(words.split()) in " ".join(painted.split())
