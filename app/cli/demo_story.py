"""The fictional organisation of `hardop demo`: a water authority somewhere below sea level."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works there. The first one of `COLLEAGUES` can log in."""

    username: str
    display_name: str
    unit: str
    location: str
    note: str


@dataclass(frozen=True, slots=True)
class Said:
    """A status; `reply_to` is the key of another one, said before it."""

    key: str
    who: str
    days_ago: float
    language: str
    text: str
    reply_to: str | None = None
    # Who did what with it afterwards, in this order: `name favourite`, `name reblog`,
    # `name bookmark` or `name` with an emoji.
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Praised:
    """An endorsement; `shown_by` is the key of the status that shows it."""

    who: str
    whom: str
    days_ago: float
    topic: str
    shown_by: str
    statement: str


# When everybody joined, in days before today.
JOINED_DAYS_AGO: Final = 45

COLLEAGUES: Final = (
    Colleague(
        "sanne",
        "Sanne de Vries",
        "Strategy",
        "Lelystad",
        "I help colleagues to work out loud. Ask me about #WorkingOutLoud, circles and prompts.",
    ),
    Colleague(
        "joost",
        "Joost Bakker",
        "Operations North",
        "Emmeloord",
        "Gemalen en pompen, al 22 jaar. Vraag me alles over #gemalen en trillingsmetingen.",
    ),
    Colleague(
        "fatima",
        "Fatima El Amrani",
        "Data & IT",
        "Lelystad",
        "Data engineer. Kafka, PostgreSQL and whatever our sensors throw at us. #data",
    ),
    Colleague(
        "pieter",
        "Pieter Hoekstra",
        "Operations South",
        "Almere",
        "Procesautomatisering, SCADA en PLC's. Nog drie jaar tot mijn pensioen.",
    ),
    Colleague(
        "lotte",
        "Lotte Vermeulen",
        "Communications",
        "Lelystad",
        "Woordvoering en redactie. Ik maak ingewikkelde dingen leesbaar. #taal",
    ),
    Colleague(
        "emeka",
        "Emeka Okafor",
        "Data & IT",
        "Lelystad",
        "GIS specialist: maps, elevation models, QGIS. Learning Dutch. #gis",
    ),
    Colleague(
        "ingrid",
        "Ingrid Smit",
        "Ecology",
        "Zeewolde",
        "Ecoloog. Vissen, waterplanten en alles wat kruipt. #ecologie #vismigratie",
    ),
    Colleague(
        "daan",
        "Daan Willems",
        "Operations North",
        "Emmeloord",
        "Trainee, sinds dit voorjaar. Ik stel de vragen die anderen niet meer stellen.",
    ),
    Colleague(
        "noor",
        "Noor Jacobs",
        "People & Learning",
        "Lelystad",
        "Leren en ontwikkelen: workshops, intervisie, inwerken. #leren",
    ),
    Colleague(
        "tomasz",
        "Tomasz Kowalski",
        "Dikes & Engineering",
        "Almere",
        "Civil engineer. Dikes, peat, settlement, piping. #dikes",
    ),
    Colleague(
        "hanna",
        "Hanna Mulder",
        "Laboratory",
        "Lelystad",
        "Analist waterkwaliteit: blauwalg, PFAS, nutriënten. #waterkwaliteit",
    ),
    Colleague(
        "priya",
        "Priya Raman",
        "Data & IT",
        "Lelystad",
        "Security officer. Phishing reports are welcome, also when you clicked. #security",
    ),
)

# Who follows whom; everybody follows the first colleague.
FOLLOWS: Final = {
    "sanne": ("joost", "fatima", "lotte", "emeka", "ingrid", "daan", "noor", "tomasz", "hanna"),
    "joost": ("pieter", "daan", "fatima", "tomasz"),
    "fatima": ("emeka", "priya", "pieter", "hanna", "joost"),
    "pieter": ("joost", "priya"),
    "lotte": ("ingrid", "noor", "hanna", "daan"),
    "emeka": ("fatima", "tomasz", "ingrid"),
    "ingrid": ("hanna", "lotte", "emeka"),
    "daan": ("joost", "pieter", "noor", "fatima", "tomasz"),
    "noor": ("daan", "lotte", "priya"),
    "tomasz": ("joost", "emeka"),
    "hanna": ("ingrid", "fatima", "lotte"),
    "priya": ("fatima", "pieter"),
}

STORY: Final = (
    Said(
        *("welcome", "sanne", 41.3, "en"),
        "Good morning! From today we work out loud: say what you are doing while you do it, so "
        "that others can help, or learn. What are you working on this week? #WorkingOutLoud",
        then=("noor favourite", "lotte favourite", "joost 👋", "emeka 🎉", "daan favourite"),
    ),
    Said(
        *("week-joost", "joost", 41.1, "nl"),
        "Revisie van pomp 2 in gemaal Buma. De lagers zingen al een week, dus ik meet vandaag "
        "trillingen voordat we hem openmaken. #gemalen #WorkingOutLoud",
        reply_to="welcome",
        then=("daan favourite", "tomasz favourite", "pieter 👍"),
    ),
    Said(
        *("week-daan", "daan", 40.9, "nl"),
        "@joost mag ik mee? Ik heb nog nooit een pomp van binnen gezien.",
        reply_to="week-joost",
        then=("joost 👍", "sanne favourite"),
    ),
    Said(
        *("week-joost-2", "joost", 40.8, "nl"),
        "@daan graag. Morgen 8 uur bij het gemaal, en neem gehoorbescherming mee.",
        reply_to="week-daan",
        then=("daan favourite",),
    ),
    Said(
        *("kafka", "fatima", 36.2, "en"),
        "Moved the water level sensors to #kafka this week: 1,200 stations, one topic per region. "
        "Notes on what went wrong: https://wiki.waterland.example/kafka #data",
        then=("emeka favourite", "priya favourite", "pieter reblog", "hanna 💡", "joost favourite"),
    ),
    Said(
        *("kafka-q", "pieter", 36.0, "nl"),
        "@fatima komen de oude SCADA-alarmen daar ook in, of blijven die op hun eigen lijn? #scada",
        reply_to="kafka",
    ),
    Said(
        *("kafka-a", "fatima", 35.9, "en"),
        "@pieter alarms stay on their own line until we have proven that nothing gets lost. I "
        "would love an hour of your time for that list.",
        reply_to="kafka-q",
        then=("pieter 👍", "priya favourite"),
    ),
    Said(
        *("algae", "hanna", 33.4, "nl"),
        "Blauwalg gevonden in twee zwemplassen. Uitslag is vanmiddag naar de gemeenten gegaan; "
        "@lotte heeft de tekst voor de website. #waterkwaliteit #blauwalg",
        then=("lotte favourite", "ingrid favourite", "sanne reblog", "noor 👏"),
    ),
    Said(
        *("algae-2", "ingrid", 33.2, "nl"),
        "@hanna welke soort is het? Bij Microcystis kijk ik deze week ook naar de vissen.",
        reply_to="algae",
    ),
    Said(
        *("algae-3", "hanna", 33.1, "nl"),
        "@ingrid Planktothrix, in beide plassen. Ik stuur je de tellingen.",
        reply_to="algae-2",
        then=("ingrid 🙏",),
    ),
    Said(
        *("peat", "tomasz", 29.6, "en"),
        "Dry summer, peat dikes: we inspect 140 km on foot this week. Report cracks with a photo "
        "and a coin for scale, please. #dikes #droogte",
        then=("joost reblog", "emeka favourite", "sanne favourite", "daan bookmark"),
    ),
    Said(
        *("peat-map", "emeka", 29.2, "en"),
        "@tomasz I made a map of all peat dikes with last year's cracks on it, works offline on a "
        "phone too. https://maps.waterland.example/peat #gis",
        reply_to="peat",
        then=("tomasz 🎉", "tomasz reblog", "daan favourite", "fatima favourite"),
    ),
    Said(
        *("plain", "lotte", 26.5, "nl"),
        "Drie woorden die ik deze week uit een brief heb gehaald: middels, conform en "
        "derhalve. Niemand mist ze. #taal",
        then=("noor 😄", "hanna favourite", "ingrid favourite", "sanne favourite", "daan 😄"),
    ),
    Said(
        *("question-qgis", "daan", 22.3, "nl"),
        "Wie kan mij in een half uur laten zien hoe ik in QGIS de hoogte langs een lijn uitlees? "
        "#vraag #gis",
        then=("joost reblog", "noor favourite"),
    ),
    Said(
        *("answer-qgis", "emeka", 22.2, "en"),
        "@daan Plugin 'Terrain profile', then draw the line. Happy to show you, tomorrow 14:00 in "
        "the canteen?",
        reply_to="question-qgis",
        then=("daan 🙏", "daan favourite", "sanne 💡", "tomasz favourite"),
    ),
    Said(
        *("phish", "priya", 19.7, "en"),
        "Eleven of you reported the fake parcel mail within ten minutes. That is how it should "
        "go. Two clicked and told me: also how it should go. #security",
        then=("noor favourite", "pieter favourite", "sanne favourite", "fatima 👏", "lotte reblog"),
    ),
    Said(
        *("fish", "ingrid", 16.4, "nl"),
        "De eerste glasaal is door de nieuwe vispassage! Acht jaar over gepraat, vannacht op "
        "camera. #vismigratie #ecologie",
        then=(
            *("hanna 🎉", "sanne 🎉", "joost 🎉", "lotte reblog", "emeka favourite"),
            *("daan favourite", "noor favourite", "tomasz favourite", "hanna favourite"),
        ),
    ),
    Said(
        *("fish-2", "lotte", 16.2, "nl"),
        "@ingrid mag dit beeld naar buiten? De regionale omroep wil het vanavond al. #vismigratie",
        reply_to="fish",
        then=("ingrid 👍",),
    ),
    Said(
        *("learn", "noor", 14.1, "nl"),
        "Donderdag 10 uur: een uur over feedback vragen, met oefeningen en zonder dia's. Er zijn "
        "nog vier plekken. #leren",
        then=("daan favourite", "hanna bookmark", "sanne reblog", "priya 👍"),
    ),
    Said(
        *("vibration", "joost", 11.5, "nl"),
        "Uitkomst van gemaal Buma: het was niet het lager maar de fundering, losgetrild. Meetreeks "
        "en foto's: https://wiki.waterland.example/buma #gemalen",
        then=(
            *("tomasz favourite", "pieter favourite", "daan favourite", "fatima 💡"),
            *("tomasz bookmark", "sanne favourite"),
        ),
    ),
    Said(
        *("vibration-2", "tomasz", 11.3, "en"),
        "@joost interesting, same thing at Lovink in 2019. I still have the drawings of how we "
        "fixed the foundation there. #gemalen",
        reply_to="vibration",
        then=("joost 🙏", "daan favourite"),
    ),
    Said(
        *("scada", "pieter", 8.4, "nl"),
        "Ik schrijf de komende weken op wat alleen in mijn hoofd zit. Deel 1: waarom station 14 "
        "'s nachts liegt. #scada #WorkingOutLoud",
        then=(
            *("sanne favourite", "joost favourite", "fatima reblog", "daan bookmark"),
            *("noor 👏", "priya favourite"),
        ),
    ),
    Said(
        *("question-pfas", "lotte", 6.2, "nl"),
        "Wie legt mij PFAS uit in twee zinnen die mijn oma ook snapt? #vraag #waterkwaliteit",
        then=("ingrid favourite", "daan favourite"),
    ),
    Said(
        *("answer-pfas", "hanna", 6.1, "nl"),
        "@lotte Stoffen die water en vet afstoten, handig in jassen en pannen. Ze gaan nooit "
        "meer weg, dus wat in het water komt, blijft in het water. #waterkwaliteit",
        reply_to="question-pfas",
        then=("lotte 💡", "lotte favourite", "sanne favourite", "ingrid 👏", "noor favourite"),
    ),
    Said(
        *("postgres", "fatima", 4.3, "en"),
        "Does anybody know why a partial index is ignored when the query is a prepared statement? "
        "#question #postgresql #data",
        then=("emeka favourite",),
    ),
    Said(
        *("postgres-a", "priya", 4.2, "en"),
        "@fatima because the generic plan cannot prove the condition: it does not see your value. "
        "Write the condition as a constant. #postgresql",
        reply_to="postgres",
        then=("fatima 💡", "fatima favourite", "emeka favourite", "emeka bookmark"),
    ),
    Said(
        *("prompt", "sanne", 2.4, "en"),
        "Prompt of the week: who helped you lately, with what? Say it out loud. #WorkingOutLoud",
        then=("noor favourite", "lotte reblog"),
    ),
    Said(
        *("prompt-daan", "daan", 2.2, "nl"),
        "@emeka met een hoogteprofiel, @joost met een dag in de herrie, en @pieter met een "
        "antwoord op een vraag die ik niet durfde te stellen. #WorkingOutLoud",
        reply_to="prompt",
        then=("joost favourite", "emeka 🎉", "pieter favourite", "sanne favourite"),
    ),
    Said(
        *("dashboard", "emeka", 0.9, "en"),
        "First version of the drought dashboard is live for everybody inside: groundwater, peat "
        "dikes and pumps on one map. Please break it. https://maps.waterland.example/drought #gis",
        then=("tomasz favourite", "fatima favourite", "ingrid 👏", "joost 👍"),
    ),
    Said(
        *("today", "joost", 0.3, "nl"),
        "Vandaag gemaal Buma weer opgestart. Hoor je dat? Niets. Precies. #gemalen",
        then=("daan 🎉", "pieter favourite", "sanne favourite"),
    ),
)

PRAISE: Final = (
    Praised(
        *("daan", "joost", 20, "gemalen", "week-joost"),
        "Joost liet me horen wat er mis was met die pomp, nog voordat de meter het zag.",
    ),
    Praised(
        *("hanna", "fatima", 18, "kafka", "kafka"),
        "Since Fatima moved our sensors to Kafka I have the readings within a minute.",
    ),
    Praised(
        *("tomasz", "emeka", 16, "gis", "peat-map"),
        "His map worked offline on the dike, in the rain, for eight inspectors at once.",
    ),
    Praised(
        *("ingrid", "hanna", 15, "blauwalg", "algae"),
        "Hanna wist binnen een dag welke soort het was, en stuurde de tellingen er meteen bij.",
    ),
    Praised(
        *("noor", "lotte", 12, "taal", "plain"),
        "Lotte heeft onze uitnodigingen zo herschreven dat mensen nu echt komen.",
    ),
)
