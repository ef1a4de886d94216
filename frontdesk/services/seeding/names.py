"""Names of people who don't exist, as varied as a high street's: accents, apostrophes, two words, wide letters.

A low line stands for a space inside a name.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

WOMEN = """
Aaliyah Abigail Agnieszka Aisha Alice Amara Amelia Amina Amy Anaïs Angela Anita Anna-Maria Aoife Ava Beatriz Bethan
Blessing Brigid Camille Caoimhe Carmen Caroline Catherine Charlotte Chidinma Chloë Claire Clara Daisy Danuta Denise
Diana Edith Eilidh Eleanor Elisabeth Ella Emily Emma Erin Esme Esther Eva Evelyn Fatima Fiona Florence Freya Gemma
Georgia Gillian Grace Gráinne Gwen Hannah Harriet Hayley Hazel Heather Helen Holly Imogen Inés Ingrid Iris Isabel Isla
Ivy Jacqueline Jade Jane Janet Jasmine Jean Jessica Joan Joanne Joy Judith Julia June Karen Kate Kayleigh Kirsty Laila
Laura Leah Lily Linda Lorna Louise Lucy Maeve Małgorzata Mabel Margaret Maria María-José Marie Martha Mary Matilda Maya
Megan Mia Michelle Millie Miriam Moira Molly Nadia Nancy Naomi Natalie Niamh Nicola Nora Olive Olivia Oluwaseun Orla
Patience Patricia Paula Penelope Phoebe Poppy Priyanka Rachel Rebecca Renée Rhiannon Rosemary Rosie Roisin Róisín
Rowena Ruby Ruth Sabrina Sally Samantha Sara Sarah Saoirse Shanice Sharon Siân Simone Sinéad Siobhán Sofía Sophie
Stella Susan Tabitha Tamsin Tara Teresa Thuy Tracey Valentina Vera Victoria Violet Wendy Yasmin Yvonne Zainab Zara Zoë
Mary_Ann Sarah_Jane Ana_Sofía Mei_Ling
"""

MEN = """
Aaron Abdul Adam Adrián Ahmed Aidan Alan Alasdair Albert Alexander Ali Andrew André Angus Anthony Antoine Archie Arjun
Arthur Ashok Barry Benedict Benjamin Bilal Björn Brendan Bryn Callum Cathal Charles Chidi Christopher Ciarán Cillian
Colin Connor Craig Curtis Daniel Darragh David Declan Derek Desmond Dilip Dominic Donald Douglas Duncan Dylan Edward
Eero Elijah Elliot Emeka Emre Eoin Eric Ethan Euan Fergus Finlay Francis Frank Frederick Gareth Gavin George Giles
Giovanni Glen Gordon Graham Gregory Gwilym Hamish Harry Harvey Hassan Henry Howard Hugh Hussein Iain Ibrahim Imran Isaac
Ivan Jack Jacob Jakub James Jamie Jason Javier Jérôme Joel John Jonathan José Joseph Joshua Julian Kareem Keir Keith
Kenneth Kevin Kieran Kwame Kyle Lachlan Lars Lawrence Lee Leonard Lewis Liam Logan Luca Luke Malcolm Marcus Mark Martin
Mateusz Matthew Max Michael Miguel Mohammed Morgan Murray Nathan Neil Nicholas Nikolaos Noah Oisín Oliver Omar Oscar
Owen Patrick Paul Pádraig Peter Philip Quentin Rafael Rajesh Ravi Raymond Reuben Rhys Richard Robert Robin Ronald Rory
Ross Roy Rupert Ryan Samuel Scott Seán Sebastian Seth Shane Simon Stanley Stefan Stephen Stuart Søren Tariq Terence
Theodore Thomas Timothy Tobias Tomasz Toby Trevor Tristan Tunde Umar Vikram Viktor Walter Wayne Wesley William Xavier
Yusuf Zachary Zeynel Jean_Paul Billy_Joe Juan_Carlos
"""

FAMILIES = """
Abbott Abubakar Achterberg Adams Adeyemi Ahmed Akhtar Ali Allen Andersson Anderson Appleby Archer Armstrong Ashworth
Atkinson Bailey Baker Bannerjee Barker Barnes Bates Begum Bell Bennett Berg Bernard Bianchi Blackwood Booth Bradley
Brennan Brown Bryant Burgess Burke Burns Butler Byrne Cameron Campbell Carr Carter Carvalho Chambers Chan Chapman
Chaudhry Clarke Cohen Coleman Collins Cook Cooper Cox Craig Cruz Cunningham Czerny Dąbrowski D'Arcy Davies Davis Dawson
de_la_Cruz Dean Delaney Demir Dempsey Dixon Doherty Douglas Doyle Drummond Duffy Duncan Dunn Edwards Eriksson Evans
Farrell Fernández Ferguson Fisher Fitzgerald Fleming Fletcher Flynn Foster Fowler Fox Fraser García Gallagher Gibson
Gill Gilmour Goldberg Gomes Gonçalves Gordon Graham Grant Gray Green Griffiths Grünwald Gupta Hall Hamilton Harper
Harris Harrison Hart Harvey Hassan Hawkins Hayes Henderson Hill Hoang Holmes Hopkins Howard Hughes Hunt Hunter Hussain
Ibrahim Ivanova Jackson Jankowska Jenkins Jensen Johnson Johnston Jones Joseph Joyce Kaczmarek Kapoor Kaur Kavanagh
Kelly Kemp Kennedy Kerr Khan King Knight Kovács Kowalczyk Kumar Lambert Larsen Lawson Lê Lee Lefèvre Lennon Lewis Lloyd
Long López Lowe Lynch Macdonald MacGregor Mackenzie Malik Marsh Marshall Martin Mason Matthews Maxwell May McBride
McCarthy McDonald McKenna McLean Mehta Mendes Mensah Miller Mills Mitchell Moore Morales Moran Morgan Morris Morrison
Müller Murphy Murray N'Diaye Nash Nelson Newton Ng Nguyễn Nicholson Nowicki Nwosu O'Brien O'Connor O'Donnell O'Hara
O'Keefe O'Leary O'Sullivan Okafor Okonkwo Oliver Olsen Osborne Owen Owusu Palmer Papadopoulou Parker Parsons Patel
Payne Pearson Pereira Perry Peters Phillips Pope Porter Powell Price Quinn Rahman Ramsay Rao Reid Reynolds Richards
Richardson Riley Roberts Robertson Robinson Rogers Romero Rose Ross Rossi Russell Ryan Sanders Santos Sato Saunders
Schmidt Schröder Scott Shah Sharma Shaw Shepherd Siddiqui Silva Simmons Simpson Singh Skinner Smith Sokołowska Spencer
Stephens Stevens Stewart Stone Suleiman Sutherland Suzuki Svensson Taylor Thapa Thomas Thompson Thomson Tran Turner
Underwood Vargas Vaughan Wagner Walker Wallace Walsh Walters Ward Warren Watson Watts Webb Wells West White Wilkinson
Williams Wilson Wójcik Wong Wood Woods Wright Xu Yeo Yılmaz Young Zając Zhang Žižka Ólafsdóttir Ó_Súilleabháin van_Dijk
Smith-Jones Taylor-Wood Fawcett-Brown de_Souza von_Arnim al-Hashimi
"""

WIDE = (
    ("秀英", "王"), ("美玲", "陳"), ("伟", "李"), ("さくら", "佐藤"), ("花子", "山田"), ("健太", "高橋"),
    ("민지", "김"), ("서준", "박"), ("지우", "이"), ("静怡", "張"), ("大輔", "中村"), ("嘉欣", "林"),
)  # fmt: skip
"""Given and family names whose letters take two cells."""

ONE_NAME = ("Björk", "Adaora", "Madhavi", "Sting", "Nomvula", "Ludo")
"""People who go by a single name."""


class Name(NamedTuple):
    """What somebody is called."""

    first: str
    last: str


def _pool(words: str) -> list[str]:
    return [name.replace("_", " ") for name in words.split()]


_POOLS = {"f": _pool(WOMEN), "m": _pool(MEN)}
_FAMILIES = _pool(FAMILIES)


def new_name(random: Random, gender: str, taken: set[Name]) -> Name:
    """A name that nobody has yet; about one in sixty is written in wide letters, one in three hundred stands alone."""
    while True:
        draw = random.random()
        if draw < 1 / 300:
            name = Name(random.choice(ONE_NAME), "")
        elif draw < 1 / 60:
            name = Name(*random.choice(WIDE))
        else:
            name = Name(random.choice(_POOLS[gender]), random.choice(_FAMILIES))
        if name not in taken:
            taken.add(name)
            return name
