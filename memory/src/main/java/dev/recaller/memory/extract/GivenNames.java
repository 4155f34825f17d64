package dev.recaller.memory.extract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Common given names: what lets "im john" be a name where speech recognition wrote no capitals. */
final class GivenNames {

    private static final Set<String> COMMON =
            Arrays.stream("""
            aaron abdul abigail adam adrian ahmed aisha alan albert alejandro alex alexander alexandra alexis ali alice alicia
            allen allison alyssa amanda amber amelia amy ana andrea andreas andrew angela anita ann anna anne anthony antonio
            arthur ashley austin barbara beatrice ben benjamin bernard beth betty beverly bill billy bob bobby bradley brandon
            brenda brian brittany bruce bryan caitlin cameron carl carla carlos carmen carol caroline carolyn catherine charles
            charlie charlotte chen cheryl chloe chris christian christina christine christopher cindy claire clara claudia connor
            craig cynthia daisy dan daniel danielle danny dave david deborah debra denise dennis derek diana diane diego dmitri
            don donald donna dorothy doug douglas dylan eddie edgar edward eileen elaine eleanor elena elijah elizabeth ella
            ellen emily emma eric erica erik erin ethan eugene eva evan evelyn fatima felix fernando fiona florian frances
            francis francisco frank franz fred frederick gabriel gary george gerald gina giovanni gloria grace grant greg gregory
            hannah hans harold harry hassan heather heidi helen helena henry howard hugo ian ibrahim ingrid irene isaac isabel
            isabella ivan jack jackie jackson jacob jacqueline jake james jamie jan jane janet janice jasmine jason javier jean
            jeff jeffrey jennifer jenny jeremy jerry jesse jessica jessie jill jim jimmy jo joan joanna joe joel johan johanna john
            johnny jon jonas jonathan jordan jorge jose joseph joshua joyce juan judith judy julia julian julie julio justin
            karen karin karl kate katherine kathleen kathryn kathy katie keith kelly ken kenneth kevin kim kimberly klaus kristen
            kristin kyle larry laura lauren lawrence leah lee leo leonard leslie liam lillian linda lisa logan lois lori louis
            louise lucas lucia lucy luis luke madison marco marcus margaret maria marie marilyn mario marion mark markus martha
            martin mary mason matt matthew maurice max maya megan mehmet melissa mia michael michelle miguel mike mohamed mohammed
            molly monica muhammad nancy naomi natalia natalie nathan neil nicholas nicole nina noah nora norman oliver olivia omar
            oscar otto pablo pamela patricia patrick paul paula pedro peggy penny pete peter petra philip phillip phyllis rachel
            rafael raj ralph ramon randy raymond rebecca renee ricardo richard rick rita robert roberto robin rodney roger roland
            ron ronald rosa rose roy russell ruth ryan sam samantha samir samuel sandra sara sarah scott sean sebastian sergio
            shannon sharon shawn shirley simon sofia sonia sophia sophie stacy stefan stephanie stephen steve steven stuart sue
            susan suzanne sven sylvia tamara tanya tara ted teresa terry theodore theresa thomas tiffany tim timothy tina todd
            tom tommy tony tracy travis tyler ursula valerie vanessa vera veronica vicki victor victoria vincent virginia vivian
            vladimir walter wanda wayne wendy werner wesley william willie yolanda yusuf yvonne zachary zoe""".strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());

    private GivenNames() {}

    static boolean contains(String word) {
        return COMMON.contains(word.toLowerCase(Locale.ROOT));
    }
}
