//! The facts.

use super::language::Language;

// ANCHOR: fact
/// One fact, in every language. Listeners are remembered to have heard its `id`, so an id stays
/// when the text changes.
pub(crate) struct Fact {
    pub(crate) id: &'static str,
    english: &'static str,
    french: &'static str,
    spanish: &'static str,
}

impl Fact {
    pub(crate) fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::French => self.french,
            Language::Spanish => self.spanish,
        }
    }
}
// ANCHOR_END: fact

// ANCHOR: facts
/// All facts, in the order in which they are told.
pub(crate) const FACTS: &[Fact] = &[
    Fact {
        id: "item-size",
        english: "An item in DynamoDB holds at most 400 kilobytes, and the names of its attributes \
                  count too.",
        french: "Un élément de DynamoDB contient au plus 400 kilo-octets, et les noms de ses \
                 attributs comptent aussi.",
        spanish: "Un elemento de DynamoDB contiene como máximo 400 kilobytes, y los nombres de sus \
                  atributos también cuentan.",
    },
    // ANCHOR_END: facts
    Fact {
        id: "numbers",
        english: "DynamoDB keeps a number exactly, with up to 38 digits.",
        french: "DynamoDB conserve un nombre exactement, avec 38 chiffres au plus.",
        spanish: "DynamoDB guarda un número de forma exacta, con un máximo de 38 dígitos.",
    },
    Fact {
        id: "announcement",
        english: "The Dynamo paper is from 2007. DynamoDB was announced on the 18th of January 2012.",
        french: "L'article sur Dynamo date de 2007. DynamoDB a été annoncé le 18 janvier 2012.",
        spanish: "El artículo sobre Dynamo es de 2007. DynamoDB se anunció el 18 de enero de 2012.",
    },
    Fact {
        id: "quorum",
        english: "In the Dynamo paper, 3 machines keep a value, and 2 of them have to answer before \
                  it counts as read or written.",
        french: "Dans l'article sur Dynamo, 3 machines gardent une valeur, et 2 d'entre elles doivent \
                 répondre avant qu'elle soit lue ou écrite.",
        spanish: "En el artículo sobre Dynamo, 3 máquinas guardan un valor, y 2 de ellas tienen que \
                  responder antes de darlo por leído o escrito.",
    },
    Fact {
        id: "units",
        english: "DynamoDB counts writes in steps of 1 kilobyte, and reads in steps of 4.",
        french: "DynamoDB compte les écritures par tranches de 1 kilo-octet, et les lectures par \
                 tranches de 4.",
        spanish: "DynamoDB cuenta las escrituras en tramos de 1 kilobyte y las lecturas en tramos \
                  de 4.",
    },
    Fact {
        id: "eventual",
        english: "A read that may be slightly out of date costs half as much as one that may not.",
        french: "Une lecture qui peut être légèrement en retard coûte deux fois moins cher qu'une \
                 lecture à jour.",
        spanish: "Una lectura que puede estar algo atrasada cuesta la mitad que una que no puede \
                  estarlo.",
    },
    Fact {
        id: "cart",
        english: "In Dynamo's shopping cart, an article that was added never got lost, but one that \
                  was deleted could come back.",
        french: "Dans le panier d'achat de Dynamo, un article ajouté ne se perdait jamais, mais un \
                 article supprimé pouvait revenir.",
        spanish: "En el carrito de la compra de Dynamo, un artículo añadido nunca se perdía, pero \
                  uno borrado podía volver.",
    },
    Fact {
        id: "missing-item",
        english: "DynamoDB charges for reading an item, even when there is no such item.",
        french: "DynamoDB facture la lecture d'un élément, même quand cet élément n'existe pas.",
        spanish: "DynamoDB cobra la lectura de un elemento, aunque ese elemento no exista.",
    },
    Fact {
        id: "failed-condition",
        english: "A conditional write costs something even when its condition fails.",
        french: "Une écriture conditionnelle coûte quelque chose même quand sa condition échoue.",
        spanish: "Una escritura condicional cuesta algo aunque su condición no se cumpla.",
    },
    Fact {
        id: "partition",
        english: "One partition of a DynamoDB table serves up to 3,000 read units and 1,000 write \
                  units a second.",
        french: "Une partition d'une table DynamoDB fournit jusqu'à 3000 unités de lecture et 1000 \
                 unités d'écriture par seconde.",
        spanish: "Una partición de una tabla de DynamoDB ofrece hasta 3000 unidades de lectura y \
                  1000 unidades de escritura por segundo.",
    },
    Fact {
        id: "versions",
        english: "In the Dynamo paper, 99.94 percent of the requests saw exactly one version of what \
                  they asked for.",
        french: "Dans l'article sur Dynamo, 99,94 pour cent des requêtes ont vu une seule version de \
                 ce qu'elles demandaient.",
        spanish: "En el artículo sobre Dynamo, el 99,94 por ciento de las peticiones vio una sola \
                  versión de lo que pedía.",
    },
    Fact {
        id: "gossip",
        english: "Dynamo's machines learned of each other by gossip: each one talked to a random \
                  other one every second.",
        french: "Les machines de Dynamo se connaissaient par commérage : chacune parlait chaque \
                 seconde à une autre, prise au hasard.",
        spanish: "Las máquinas de Dynamo se conocían por chismes: cada una hablaba cada segundo con \
                  otra elegida al azar.",
    },
    Fact {
        id: "zones",
        english: "DynamoDB keeps your data in three availability zones, and a write counts when two \
                  of the three copies have it.",
        french: "DynamoDB garde vos données dans trois zones de disponibilité, et une écriture \
                 compte dès que deux des trois copies l'ont reçue.",
        spanish: "DynamoDB guarda tus datos en tres zonas de disponibilidad, y una escritura cuenta \
                  cuando dos de las tres copias la tienen.",
    },
    Fact {
        id: "prime-day",
        english: "During Prime Day 2021, DynamoDB answered 89.2 million requests a second at its \
                  peak.",
        french: "Pendant le Prime Day 2021, DynamoDB a répondu à 89,2 millions de requêtes par \
                 seconde au plus fort.",
        spanish: "Durante el Prime Day de 2021, DynamoDB respondió en su máximo a 89,2 millones de \
                  peticiones por segundo.",
    },
    Fact {
        id: "recovery",
        english: "Point-in-time recovery takes a DynamoDB table back by up to 35 days.",
        french: "La restauration à un instant donné ramène une table DynamoDB jusqu'à 35 jours en \
                 arrière.",
        spanish: "La recuperación a un momento dado lleva una tabla de DynamoDB hasta 35 días atrás.",
    },
];
