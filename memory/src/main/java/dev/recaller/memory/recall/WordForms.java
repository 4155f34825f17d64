package dev.recaller.memory.recall;

/** Irregular forms of English verbs and nouns, names of kin, and numbers in words. */
final class WordForms {

    private WordForms() {}

    /** A line a word: how it counts, then its other forms. */
    static final String TABLE = """
            arise arose arisen
            awake awoke awoken
            bear bore borne
            beat beaten
            become became
            begin began begun
            bend bent
            bind bound
            bite bit bitten
            bleed bled
            blow blew blown
            break broke broken
            breed bred
            bring brought
            build built
            burn burnt
            buy bought
            catch caught
            choose chose chosen
            cling clung
            come came
            creep crept
            deal dealt
            dig dug
            draw drew drawn
            dream dreamt
            drink drank drunk
            drive drove driven
            eat ate eaten
            fall fell fallen
            feed fed
            feel felt
            fight fought
            find found
            fly flew flown flies
            forbid forbade forbidden
            forget forgot forgotten
            forgive forgave forgiven
            freeze froze frozen
            get got gotten
            give gave given
            go went gone goes
            grow grew grown
            hang hung
            hear heard
            hide hid hidden
            hold held
            keep kept
            kneel knelt
            know knew known
            lay laid
            lead led
            lean leant
            learn learnt
            leave left
            lend lent
            lie lain
            light lit
            lose lost
            make made
            mean meant
            meet met
            mistake mistook mistaken
            overhear overheard
            pay paid
            ride rode ridden
            ring rang rung
            rise rose risen
            run ran
            say said
            see saw seen
            seek sought
            sell sold
            send sent
            sew sewn
            shake shook shaken
            shine shone
            shoot shot
            show shown
            shrink shrank shrunk
            sing sang sung
            sink sank sunk
            sit sat
            sleep slept
            slide slid
            smell smelt
            speak spoke spoken
            speed sped
            spell spelt
            spend spent
            spill spilt
            spin spun
            spoil spoilt
            spring sprang sprung
            stand stood
            steal stole stolen
            stick stuck
            sting stung
            strike struck
            swear swore sworn
            sweep swept
            swim swam swum
            swing swung
            take took taken
            teach taught
            tear tore torn
            tell told
            think thought
            throw threw thrown
            understand understood
            wake woke woken
            wear wore worn
            weave wove woven
            weep wept
            win won
            wind wound
            withdraw withdrew withdrawn
            write wrote written
            child children kid kids
            foot feet
            goose geese
            half halves
            knife knives
            leaf leaves
            life lives
            loaf loaves
            man men
            mouse mice
            person people
            shelf shelves
            tooth teeth
            wife wives
            woman women
            mother mom mum mommy mummy mama moms mums
            father dad daddy papa dads
            grandmother grandma granny gran nana
            grandfather grandpa granddad grandad
            brother bro
            sister sis
            2 two
            3 three
            4 four
            5 five
            6 six
            7 seven
            8 eight
            9 nine
            10 ten
            11 eleven
            12 twelve
            13 thirteen
            14 fourteen
            15 fifteen
            16 sixteen
            17 seventeen
            18 eighteen
            19 nineteen
            20 twenty
            30 thirty
            40 forty
            50 fifty
            60 sixty
            70 seventy
            80 eighty
            90 ninety
            100 hundred
            1000 thousand
            phone telephone
            fridge refrigerator
            photo photograph photographs
            bike bicycle bicycles
            tv television
            """;
}
