"""What the people of a benchmark say: made from words, the same for the same random numbers."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random

FIRST_NAMES = (
    "Ada Bram Carla Daan Emma Fatima Gijs Hanna Ibrahim Joke Kees Lotte Mehmet Noor Olga Pieter "
    "Quinten Ruth Sanne Tom Ursula Vera Wim Xander Yara Zoë"
).split()
LAST_NAMES = (
    "Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Smits Kok "
    "Jacobs Vermeulen Schouten Willems Hoekstra Koster Prins Huisman Postma Kuipers Öztürk Nguyen"
).split()
UNITS = ("Operations", "Finance", "Research", "Care", "Logistics", "People", "Security", "Design")

_TOPICS = (
    "kafka postgres python onboarding planning budget privacy toegankelijkheid contracten testen "
    "observability zorgpad roosters inkoop terraform kubernetes security retro feedback mentoring "
    "werkoverleg klantreis statistiek dashboards wervelkolom laboratorium migratie documentatie "
    "incident release architectuur wayfinding logistiek magazijn energie duurzaamheid veiligheid"
).split()
_WORDS = (
    "the a we I you they today tomorrow finally almost never always learned tried wrote moved "
    "asked found broke fixed shared measured meeting team week question answer idea because "
    "without with about before after while still again first last new old small better slower "
    "wie wat waar hoe waarom omdat maar en ook nog even graag samen collega vraag antwoord gelukt "
    "bijna volgende vorige nieuwe notitie verslag afspraak proberen delen leren laten zien weten "
    "process customer patient report figures draft version review pull request pipeline server "
    "cluster queue table index query plan latency cache deploy rollback backup monitor alert"
).split()
_ENDINGS = (".", ".", ".", "!", "?", " 🎉", " 👀", "...")
REACTIONS = ("👍", "❤️", "🎉", "😂", "💡", "shipit")
# Search terms of which every account of the organisation may match some.
SEARCHES = ("bakker", "ad", "noor", "vis", "person1", "kafka", "research", "smit", "emma", "öz")


def weights(count: int, steepness: float = 0.8) -> list[float]:
    """Cumulative weights by rank: the first few are chosen often, the many seldom."""
    return list(accumulate((rank + 1) ** -steepness for rank in range(count)))


class Writer:
    """Writes names, notes and statuses."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._tags = [
            *_TOPICS,
            *(f"{topic}{number}" for topic in _TOPICS for number in range(2, 6)),
        ]
        self._tag_weights = weights(len(self._tags))

    def display_name(self) -> str:
        """A first and a last name."""
        return f"{self._random.choice(FIRST_NAMES)} {self._random.choice(LAST_NAMES)}"

    def note(self) -> str:
        """What somebody says about themselves."""
        return f"{self._sentence(6, 18)} Ask me about #{self._random.choice(_TOPICS)}."

    def status(self, mentioned: Sequence[str]) -> tuple[str, list[str]]:
        """A text that begins with the mentions, and the hashtags in it."""
        random = self._random
        parts = [*(f"@{name}" for name in mentioned), self._sentence(5, 22)]
        for chance, low, high in ((0.6, 6, 24), (0.25, 8, 20)):
            if random.random() < chance:
                parts.append(("\n\n" if random.random() < 0.2 else "") + self._sentence(low, high))
        if random.random() < 0.1:
            path = "/".join(random.sample(_TOPICS, 2))
            parts.append(f"https://wiki.example.org/{path}/{random.randrange(10_000)}")
        tags: list[str] = []
        if random.random() < 0.35:
            chosen = random.choices(
                self._tags, cum_weights=self._tag_weights, k=random.choice((1, 1, 2, 3))
            )
            tags = list(dict.fromkeys(chosen))
            parts += [f"#{tag}" for tag in tags]
        return " ".join(parts)[:480], tags

    def _sentence(self, low: int, high: int) -> str:
        random = self._random
        words = random.choices(_WORDS, k=random.randint(low, high))
        words[random.randrange(len(words))] = random.choice(_TOPICS)
        return " ".join(words).capitalize() + random.choice(_ENDINGS)
