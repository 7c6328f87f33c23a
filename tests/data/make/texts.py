# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts and task items of the small cases: all made up for them."""
import itertools

PEOPLE = ["Orla", "Bren", "Tamsin", "Jory", "Wenna", "Piran", "the miller", "the keeper"]
PLACES = ["harbour", "mill", "lighthouse", "orchard", "old quarry", "market"]
THINGS = ["a lantern", "two baskets of pears", "a letter", "the brass key", "a coil of rope", "some flour"]
WAYS = ["carries {thing} to the {place}.", "left {thing} at the {place} in the morning.",
        "walked past the {place} and found {thing}.", "sold {thing} near the {place}, then went home."]


def corpus():
    """Sentences for tokenizers and models, a few hundred."""
    lines = []
    for i, (who, place) in enumerate(itertools.product(PEOPLE, PLACES)):
        for j, way in enumerate(WAYS):
            thing = THINGS[(i + 2 * j) % len(THINGS)]
            lines.append(f"{who[0].upper()}{who[1:]} {way.format(thing=thing, place=place)}")
    lines += [f"Question: who has {THINGS[i % 6]}?\nAnswer: {PEOPLE[i % 8]}" for i in range(24)]
    lines += [f"On day {n} the tide rose {n * 3 % 17}.{n % 10} feet; café Zürich asked for {n * 125} naïve £ notes." for n in range(1, 25)]
    lines += ["def tide(day):\n    return 3 * day % 17", "for (int i = 0; i < 10; ++i) {\n\tsum += i;\n}"]
    return lines


# What tokenizers are compared on: white space, numbers, code, accents in both forms, other scripts, emoji, controls,
# words of special tokens.
TOKENS = [
    "", " ", "  ", "\n", "\t\tx", "a", " a", "a ", "Orla carries a lantern to the harbour.",
    "  two  spaces   three    four", "line one\nline two\n\nline four\r\nline five", "It's, they'll, I'VE; we'd don't",
    "1 22 333 4444 55555 3.14159 1,000,000 0x1F", "def f(x):\n    return x ** 2  # square\n", "snake_case CamelCase kebab-case",
    "café cafe\u0301 naïve Zürich ÅNGSTRÖM ﬁne ①", "привет, мир", "海辺の灯台 港へ行く", "שלום العالم", "Ελλάδα नमस्ते 한국어",
    "🙂 👩‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️", "zero\u200bwidth no\u00a0break em\u2003space soft\u00adhyphen", "bell\x07 null-free \x1b[0m end",
    "<|endoftext|>", "a<|endoftext|> b", "<s> x </s>", " </s>text", "\ufeffmark first", "ǅ ǆ ſ K İstanbul",
    "!!!???...---___", "({[<>]})\\/|", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "The keeper sold the brass key near the mill, then went home.",
]

# The texts of the logits: all rows of the first, the last rows of the others; the last one fills the context.
PROMPTS = ["Bren left", "Tamsin walked past the mill and found the brass key.",
           "The keeper sold a coil of rope near the lighthouse, then went home. Jory carries some flour to the market. "
           "Wenna left a letter at the old quarry in the morning. On day 3 the tide rose 9.3 feet."]

LAMBADA = [
    "Orla carries a lantern to the harbour. At the harbour Orla lights the lantern.",
    "Piran sold a coil of rope near the market, then went home.",
    "Bren left the brass key at the mill in the morning.",
    "The keeper walked past the lighthouse and found a letter. \"Who wrote it?\" asked the keeper",
    "Jory had pears;  two spaces came before the word harbour",
    "Wenna left some flour at the orchard in the café",
    "On day 12 the tide rose 2.2 feet and the keeper counted 1,500",
]
HELLASWAG = [
    dict(activity_label="Fishing", ctx_a="Orla carries a rope to the harbour.", ctx_b="she", label="1",
         endings=["eats the rope with some flour.", "ties the boat to the wall and [step] waits.", "is a mill.", "left left left."]),
    dict(activity_label="Baking bread", ctx_a="The miller opens a sack.", ctx_b="the miller", label="0",
         endings=["takes out some flour.", "takes out the moon.", "walks past the sea and sells it twice.", "sings  loudly."]),
    dict(activity_label="Keeping a light [title] At night", ctx_a="The keeper climbs the stairs [substeps] slowly.", ctx_b="he", label="3",
         endings=["swims.", "sells the stairs.", "paints a pear on the tide.", "lights the lamp and looks at the sea."]),
    dict(activity_label="Writing", ctx_a="Wenna finds a letter.", ctx_b="", label="2",
         endings=["The letter bakes a loaf.", "The tide reads it to her.", "She opens it and reads it.", "It is a key of ropes."]),
    dict(activity_label="Picking pears", ctx_a="Two people stand under a tree in an orchard with two baskets of pears.", ctx_b="they", label="0",
         endings=["fill the baskets.", "fill the lighthouse.", "throw the orchard into the harbour.", "become the market."]),
]
PIQA = [
    dict(goal="To keep a lantern alight in the wind,", sol1="shield it with a glass.", sol2="put it into the sea.", label=0),
    dict(goal="How do you carry pears home?", sol1="One by one with a rope.", sol2="In a basket.", label=1),
    dict(goal="Open a locked chest", sol1="use the brass key", sol2="ask the tide", label=0),
    dict(goal="Dry a wet letter", sol1="Leave it in the harbour for a day.", sol2="Lay it flat near a warm stove.", label=1),
    dict(goal="make flour", sol1="grind grain at a mill.", sol2="grind a mill at grain.", label=0),
    dict(goal="To tie a boat,", sol1="sell it near the market.", sol2="loop the rope twice round a post and pull.", label=1),
]
WINOGRANDE = [
    dict(sentence="The lantern did not fit into the basket because the _ was too small.", option1="lantern", option2="basket", answer="2"),
    dict(sentence="Orla gave Wenna the key, so _ could open the door.", option1="Orla", option2="Wenna", answer="2"),
    dict(sentence="Bren thanked Piran because _ had carried the rope.", option1="Piran", option2="Bren", answer="1"),
    dict(sentence="_ is what the keeper lit, not the stove.", option1="The lamp", option2="The sea", answer="1"),
    dict(sentence="Jory sold pears to Tamsin; _ then had no pears.", option1="Tamsin", option2="Jory", answer="2"),
    dict(sentence="The mill is older than the market, so the _ was built first.", option1="mill", option2="market", answer="1"),
]
ARC = [
    dict(id="L_1", question="Where does a keeper work?", choices=dict(text=["in a lighthouse", "in a pear", "under a letter"], label=["A", "B", "C"]), answerKey="A"),
    dict(id="L_2", question="What is flour made of?", choices=dict(text=["rope", "grain", "brass", "tides"], label=["A", "B", "C", "D"]), answerKey="B"),
    dict(id="L_3", question="Which of these gives light?", choices=dict(text=["a basket", "a key", "a mill", "a lantern"], label=["1", "2", "3", "4"]), answerKey="4"),
    dict(id="L_4", question="Why does the tide rise?", choices=dict(text=["The moon pulls the water.", "The miller opens a sack.", "It is sold.", "Pears fall.", "Nobody asked."],
                                                               label=["A", "B", "C", "D", "E"]), answerKey="A"),
    dict(id="L_5", question="What holds a boat at the harbour?", choices=dict(text=["a letter", "a rope", "some flour"], label=["1", "2", "3"]), answerKey="2"),
]
WIKITEXT = [
    dict(page=" \n = The Lamp of Orrin = \n \n The lamp of Orrin is a lighthouse , built by the keeper 's father in 1 @,@ 204 days . It "
              "burns 3 @.@ 5 measures of oil a night . \n \n = = The tides = = \n \n On day 3 the tide rose 9 feet ( more than ever ) ; "
              "the \" old quarry \" was under water . Orla left a letter at the mill : it said well @-@ known things . \n"),
    dict(page=" \n = Pears = \n \n Two baskets of pears ' from the orchard ' were sold near the market . The café asked for N more [ at 20 ° C ] . \n"),
]
TASKS = {"lambada": [dict(text=t) for t in LAMBADA],
         "hellaswag": [dict(ind=i, split="val", split_type="indomain", source_id=f"made~{i}", ctx=f"{h['ctx_a']} {h['ctx_b']}".strip(), **h)
                       for i, h in enumerate(HELLASWAG)],
         "piqa": PIQA, "winogrande": WINOGRANDE, "arc": ARC, "wikitext": WIKITEXT}
