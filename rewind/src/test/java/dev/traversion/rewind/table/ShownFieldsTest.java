/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownFieldsTest {

    private static final ShownFields FIELDS = ShownFields.of("a", "b.c", "b.d.e");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | {}",
                "{\"x\":{\"a\":[1,{\"q\":\"}\\\"]\"}]},\"a\":1} | {\"a\":1}",
                "{\"a\":{\"x\":[true,false,null,-1.5e3,\"\\u00e9\\n\\\\\"],\"é\\\"\":\"é\"}} | {\"a\":{\"x\":[true,false,null,-1.5e3,\"\\u00e9\\n\\\\\"],\"é\\\"\":\"é\"}}",
                "{\"b\":[{\"c\":1,\"x\":2},{\"d\":[{\"e\":[],\"f\":1}]}]} | {\"b\":[{\"c\":1},{\"d\":[{\"e\":[]}]}]}",
                "{\"b\":\"text\"} | {\"b\":\"text\"}",
                "{ \"x\": 1, \"a\": 2 } | {\"x\":1,\"a\":2}"
            })
    void onlyTheseFieldsAreRead(String json, String expected) throws Exception {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThat(FIELDS.read(bytes, bytes.length)).isEqualTo(new JsonMapper().readTree(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "{\"a\":\"b", "{\"x\":[1,", "{\"a\":#}", "{\"a\"1}"})
    void whatIsNoJsonIsAnError(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> FIELDS.read(bytes, bytes.length));
    }
}
