package dev.recaller.flow.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class HttpDefinitionTest {

    private static final String FLOW = """
            {
              "schemaVersion": 1, "id": "booking", "version": 1, "name": "Booking", "start": "find",
              "variables": {
                "customer": { "type": "string", "default": "4711" }, "visits": { "type": "integer" },
                "caller": { "type": "recollection" }
              },
              "tools": {
                "slots": {
                  "type": "http", "description": "Free times on a day", "method": "POST",
                  "url": "https://api.example.com/slots/{{day}}?customer={{customer}}",
                  "headers": { "Authorization": "Bearer ${API_KEY}" },
                  "body": { "day": "{{day}}", "people": "{{people}}", "tags": "{{tags}}" },
                  "parameters": { "type": "object", "required": ["day"], "properties": {
                    "day": { "type": "string", "format": "date" }, "people": { "type": "integer", "minimum": 1 },
                    "tags": { "type": "array", "items": { "type": "string" } } } }
                }
              },
              "nodes": [
                { "id": "find", "type": "http", "method": "GET", "url": "https://api.example.com/v1/{{customer}}?key=${API_KEY}",
                  "values": { "visits": "/visits" } },
                { "id": "bye", "type": "hangup", "say": "You were here {{visits}} times." }
              ],
              "edges": [ { "from": "find", "to": "bye" } ]
            }
            """;

    @Test
    void aRequestHasDefaults() throws Exception {
        HttpNode node = (HttpNode) Flow.parse(FLOW).node("find");
        assertThat(node.request().timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(node.request().retries()).isEqualTo(1);
        assertThat(node.request().body()).isNull();
        assertThat(node.ports()).isEqualTo(Set.of("ok", "client_error", "server_error", "timeout", "error"));
        assertThat(node.sets()).containsExactly("visits");
    }

    @Test
    void aToolKnowsWhatAModelMayGiveIt() throws Exception {
        ToolParameters parameters = Flow.parse(FLOW).tool("slots").orElseThrow().parameters();
        JsonMapper json = JsonMapper.shared();
        assertThat(parameters.mistakes(json.readTree("{\"day\": \"2026-11-30\", \"people\": 2}")))
                .isEmpty();
        assertThat(parameters.mistakes(json.readTree("{\"day\": \"tomorrow\", \"people\": 0}")))
                .hasSize(2)
                .anyMatch(mistake -> mistake.startsWith("/day: "))
                .anyMatch(mistake -> mistake.startsWith("/people: "));
        assertThat(parameters.mistakes(json.readTree("{}"))).hasSize(1);
        assertThat(json.readTree(parameters.text()).at("/properties/day/format").asString())
                .isEqualTo("date");
    }

    @Test
    void aParameterMayBeCalledByAWordOfTheExpressionLanguage() throws Exception {
        for (String name : List.of("type", "list", "string", "in", "size")) {
            Flow flow = Flow.parse(FLOW.replace("\"day\": {", "\"" + name + "\": { \"type\": \"string\" }, \"day\": {")
                    .replace("\"people\": \"{{people}}\"", "\"people\": \"{{ " + name + " | upper }}\""));
            assertThat(flow.tool("slots").orElseThrow().parameters().types()).containsKey(name);
        }
    }

    @Test
    void argumentsOfAnyDepthAreChecked() throws Exception {
        ToolParameters parameters = Flow.parse(FLOW.replace("\"type\": \"array\", \"items\"", "\"items\""))
                .tool("slots")
                .orElseThrow()
                .parameters();
        String deep = "{ \"tags\": ".repeat(450) + "1" + "}".repeat(450);
        assertThat(parameters.mistakes(JsonMapper.shared().readTree(deep))).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void everyMistakeIsNamedWithItsPlace(String from, String to, List<String> expected) {
        assertThat(FLOW).contains(from);
        try {
            Flow.parse(FLOW.replace(from, to));
            assertThat(List.of()).isEqualTo(expected);
        } catch (InvalidFlowException e) {
            assertThat(e.complaints().stream().map(Complaint::toString)).containsExactlyElementsOf(expected);
        }
    }

    static List<Arguments> everyMistakeIsNamedWithItsPlace() {
        String url = "https://api.example.com/v1/{{customer}}?key=${API_KEY}";
        String inHost = "/nodes/0/url: no value or secret may stand in the host or port - write the host out";
        String noHost = "/nodes/0/url: must begin with https:// or http:// and a host"
                + " - scheme, host and port are literal, only what follows may have values";
        return List.of(
                broken(url, "https://{{customer}}.example.com/", inHost),
                broken(url, "https://api.example.com:{{customer}}/", inHost),
                broken(url, "https://${HOST}/", inHost),
                broken(url, "{{customer}}://api.example.com/", noHost),
                broken(url, "{{customer}}", noHost),
                broken(url, "ftp://api.example.com/", noHost),
                broken(url, "https:///path", "/nodes/0/url: has no valid host and port"),
                broken(url, "https://my_host/", "/nodes/0/url: has no valid host and port"),
                broken(url, "https://api.example.com:99999/", "/nodes/0/url: has no valid host and port"),
                broken(
                        url,
                        "https://me:pw@api.example.com/",
                        "/nodes/0/url: user and password do not belong into a url: send a header with a secret"),
                broken(url, "https://api.example.com/#top", "/nodes/0/url: what follows # is never sent"),
                broken(
                        url,
                        "https://api.example.com/a/../b",
                        "/nodes/0/url: the path must be in its simplest form, without '.', '..' and '//'"),
                broken(
                        url,
                        "https://api.example.com/a b",
                        "/nodes/0/url: is no url: Illegal character in path at character 26"),
                broken(
                        url,
                        "https://api.example.com/{{custommer}}",
                        "/nodes/0/url: nothing is called 'custommer' - did you mean 'customer'?"),
                broken(
                        url,
                        "https://api.example.com/${api-key}",
                        "/nodes/0/url: '${' begins no secret - a secret is ${NAME}: a capital letter,"
                                + " then capital letters, digits and _ (64 at most)"),
                broken(
                        "\"values\": {",
                        "\"idempotencyKey\": true, \"values\": {",
                        "/nodes/0/idempotencyKey: GET needs no key: it may be repeated as it is - leave it out"),
                broken(
                        "\"values\": {",
                        "\"timeoutMs\": 50, \"retries\": 4, \"values\": {",
                        "/nodes/0/timeoutMs: must be a whole number from 100 to 30000, is 50",
                        "/nodes/0/retries: must be a whole number from 0 to 3, is 4"),
                broken(
                        "\"values\": {",
                        "\"body\": { \"a\": 1 }, \"headers\": { \"Host\": \"x\", \"a b\": \"c\", \"X-A\": \"é\" }, \"values\": {",
                        "/nodes/0/headers/a b: the name must be a header's: letters, digits, - and _",
                        "/nodes/0/headers/Host: the header 'Host' is made by the client itself - leave it out",
                        "/nodes/0/headers/X-A: a header has printable ASCII only",
                        "/nodes/0/body: GET takes no body - put it into the url, or use POST"),
                broken(
                        "\"method\": \"GET\"",
                        "\"method\": \"PUT\", \"body\": { \"{{customer}}\": \"{{nobody}}\", \"list\": [ \"${bad\" ] }",
                        "/nodes/0/body/{{customer}}: a name in the body must be literal",
                        "/nodes/0/body/{{customer}}: nothing is called 'nobody'"
                                + " - known: caller, customer, metadata, organizationId, userId, visits",
                        "/nodes/0/body/list/0: '${' begins no secret - a secret is ${NAME}: a capital letter,"
                                + " then capital letters, digits and _ (64 at most)"),
                broken(
                        "\"method\": \"GET\"",
                        "\"method\": \"PUT\", \"headers\": { \"content-type\": \"application/json\" }, \"body\": \"{}\"",
                        "/nodes/0/body: JSON in a text is broken by the first quotation mark - write it as an object"),
                broken(
                        "\"method\": \"GET\"",
                        "\"method\": \"FETCH\", \"body\": 7",
                        "/nodes/0/method: must be one of GET, POST, PUT, PATCH, DELETE, is \"FETCH\""
                                + " - known: DELETE, GET, PATCH, POST, PUT",
                        "/nodes/0/body: must be an object, a list or a text, is 7"),
                broken(
                        "\"visits\": \"/visits\"",
                        "\"visits\": \"visits\", \"caller\": \"/c\", \"vists\": \"/x\"",
                        "/nodes/0/values/vists: no variable is called 'vists' - did you mean 'visits'?",
                        "/nodes/0/values/visits: is no JSON pointer - for example /customer/name",
                        "/nodes/0/values/caller: 'caller' is a recollection - only memory_recall makes one",
                        "/nodes/1/say: variable 'visits' is used, but nothing sets it"
                                + " - give it a default or a node that sets it"),
                broken(
                        "/slots/{{day}}?",
                        "/slots/{{days}}?",
                        "/tools/slots/url: nothing is called 'days' - did you mean 'day'?"),
                broken(
                        "\"parameters\": { \"type\": \"object\",",
                        "\"parameters\": { \"type\": \"array\",",
                        "/tools/slots/parameters: must be the schema of an object - give it \"type\": \"object\""),
                broken(
                        "\"items\": { \"type\": \"string\" }",
                        "\"items\": { \"$ref\": \"https://evil.example.com/schema\" }",
                        "/tools/slots/parameters: must be JSON Schema 2020-12 without $ref and $id - write out what it refers to"),
                broken(
                        "\"items\": { \"type\": \"string\" }",
                        "\"items\": { \"$ref\": \"#\" }",
                        "/tools/slots/parameters: must be JSON Schema 2020-12 without $ref and $id - write out what it refers to"),
                broken(
                        "\"format\": \"date\"",
                        "\"pattern\": \"(\"",
                        "/tools/slots/parameters/properties/day/pattern: does not match the regex pattern must be a valid ECMA-262 regular expression"),
                broken(
                        "\"type\": \"integer\", \"minimum\"",
                        "\"type\": \"whole\", \"minimum\"",
                        "/tools/slots/parameters/properties/people/type: does not have a value in the enumeration"
                                + " [\"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\", \"string\"]",
                        "/tools/slots/parameters/properties/people/type: string found, array expected"),
                broken(
                        "\"tags\": { \"type\": \"array\"",
                        "\"userId\": { \"type\": \"string\" }, \"metadata\": {}, \"tags\": { \"type\": \"array\"",
                        "/tools/slots/parameters/properties/metadata: the name 'metadata' is taken - choose another name",
                        "/tools/slots/parameters/properties/userId: the name 'userId' is taken - choose another name"),
                broken(
                        "\"minimum\": 1",
                        "\"minimum\": \"one\"",
                        "/tools/slots/parameters/properties/people/minimum: string found, number expected"));
    }

    private static Arguments broken(String from, String to, String... expected) {
        return Arguments.of(from, to, List.of(expected));
    }
}
