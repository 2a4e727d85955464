/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | <none>",
                "null | <none>",
                "{\"matchLabels\": {\"b\": \"2\", \"a\": \"\"}} | a=,b=2",
                "{\"matchExpressions\": [{\"key\": \"k\", \"operator\": \"In\", \"values\": [\"b\", \"a\"]}]} | k in (a,b)",
                "{\"matchExpressions\": [{\"key\": \"k\", \"operator\": \"NotIn\", \"values\": [\"a\"]}]} | k notin (a)",
                "{\"matchLabels\": {\"z\": \"1\"}, \"matchExpressions\": [{\"key\": \"e\", \"operator\": \"Exists\"}]} | e,z=1",
                "{\"matchExpressions\": [{\"key\": \"e\", \"operator\": \"DoesNotExist\"}]} | !e",
                "{\"matchExpressions\": [{\"key\": \"k\", \"operator\": \"In\"}]} | <error>",
                "{\"matchExpressions\": [{\"key\": \"k\", \"operator\": \"Near\", \"values\": [\"a\"]}]} | <error>",
                "{\"matchLabels\": {\"a\": \"not valid\"}} | <error>",
                "{\"matchLabels\": {\"/a\": \"1\"}} | <error>"
            })
    void selectorsAreWrittenInTheNotationOfKubectl(String selector, String expected) throws Exception {
        assertThat(Selectors.selector(new JsonMapper().readTree(selector))).isEqualTo(expected);
    }
}
