"""The knowledge's own sentences as training examples, so that nobody copies them by hand."""

from __future__ import annotations

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_project import loaded
from sciatriage.triage.vocabulary import Act


class KnowledgeImporter(RasaFileImporter):
    """Rasa's files, plus `heard_as` of the findings (things told) and `asked_as` of the answers (questions)."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Rasa's examples and those of the knowledge; a sentence both have is taken once, as Rasa's files say."""
        written = super().get_nlu_data(language)
        known = {str(message.get(TEXT)).casefold() for message in written.training_examples}
        told = [
            (sentence, Act.TELL) for finding in loaded.knowledge().findings.values() for sentence in finding.heard_as
        ]
        asked = [
            (sentence, Act.ASK_QUESTION)
            for answer in loaded.knowledge().answers.values()
            for sentence in answer.asked_as
        ]
        examples = []
        for sentence, act in [*told, *asked]:
            if sentence.casefold() not in known:
                known.add(sentence.casefold())
                examples.append(Message.build(text=sentence, intent=act.value))
        return written.merge(TrainingData(training_examples=examples))
