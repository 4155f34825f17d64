package dev.recaller.flow.definition;

import java.util.List;

/** The shape of the tests inside a flow. This version does not run them. */
final class FlowTests {

    private FlowTests() {}

    static void check(List<Fields> tests) {
        for (Fields test : tests) {
            test.text("name");
            test.text("from");
            test.object("remembered").optionalText("name");
            test.texts("caller");
            for (Fields answer : test.objects("model")) {
                answer.optionalText("say");
                answer.optionalText("exit");
            }
            test.texts("transfer");
            Fields expected = test.object("expect");
            expected.texts("said");
            expected.texts("path");
            expected.optionalText("end");
            expected.optionalNumber("stored", 0, 1_000_000);
        }
    }
}
