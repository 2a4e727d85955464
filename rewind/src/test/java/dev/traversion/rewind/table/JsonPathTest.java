/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

    private static final String OBJECT = """
            {"metadata": {"annotations": {"example.com/note": "noted"}},
             "deep": {"er": "found"},
             "nothing": null,
             "list": [{"name": "one", "n": 1}, {"name": "two", "n": 2}, {"name": "a)b", "n": 3}, {"n": 2.5}],
             "conditions": [{"type": "Synced", "status": "False"}, {"type": "Ready", "status": "True"}]}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                ".conditions[?(@.type==\"Ready\")].status | True",
                ".conditions[?(@.type=='Ready')].status | True",
                ".conditions[?( @.type == 'Ready' )].status | True",
                ".conditions[?(@.status!='True')].type | Synced",
                ".conditions[?(@.absent)].type | null",
                ".list[?(@.name=='a)b')].n | 3",
                ".list[?(@.name)].n | 1",
                ".list[0].name | one",
                ".list[-2].name | a)b",
                ".list[9].name | null",
                ".list[1:].name | two",
                ".list[*].name | one",
                ".list[1,0].name | two",
                ".deep['er'] | found",
                ".['deep.er'] | null",
                ".metadata.annotations.example\\.com/note | noted",
                ".metadata.annotations['example\\.com/note'] | noted",
                ".deep.* | found",
                "..er | found",
                ".nothing.more | null",
                ".absent[0] | null",
                ".deep[0] | null"
            })
    void findsWhatTheApiServerFinds(String path, String expected) throws Exception {
        assertThat(JsonPath.parse(path).first(object()).map(JsonNode::asText).orElse("null"))
                .isEqualTo(expected);
    }

    @Test
    void unlikeTypesCannotBeComparedSoTheColumnIsEmpty() throws Exception {
        assertThat(JsonPath.parse(".list[?(@.n>2)].name").first(object())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".a[",
                ".a[x]",
                ".a[?(@.b",
                ".a[?(@.b)",
                ".a['b",
                ".a....b",
                ".a[?(@.b=='c)]",
                ".a[?(@.b==#)]",
                ".a[-]"
            })
    void refusesWhatIsNoPath(String path) {
        assertThatExceptionOfType(JsonPathParser.InvalidPath.class).isThrownBy(() -> JsonPath.parse(path));
    }

    private static JsonNode object() throws Exception {
        return new JsonMapper().readTree(OBJECT);
    }
}
