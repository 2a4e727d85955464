/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorsTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ObjectKey KEY = new ObjectKey(PODS, "shop", "web-1");
    private static final byte[] POD =
            ("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-1\",\"namespace\":\"shop\","
                            + "\"labels\":{\"app\":\"web\",\"tier\":\"5\",\"example.com/team\":\"a.b\"}},"
                            + "\"spec\":{\"nodeName\":\"n1\"},\"status\":{\"phase\":\"Running\",\"podIPs\":[{\"ip\":\"10.0.0.7\"}]}}")
                    .getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app",
                "app=web",
                "app==web",
                "app!=db",
                "none!=db",
                "!none",
                "app in (web, db)",
                "app notin (db)",
                "none notin (db)",
                "tier>4",
                "tier<6",
                "app=web,tier in (5),!none",
                "example.com/team=a.b",
                " app = web ",
                "app in (,web)",
                "tier > 4, tier < 6"
            })
    void labelsAreSelected(String selector) {
        assertThat(LabelSelector.parse(selector).matches(POD)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "app=db",
                "!app",
                "app in (db)",
                "app notin (web)",
                "tier>5",
                "tier<5",
                "app>1",
                "app=",
                "app in ()"
            })
    void labelsAreNotSelected(String selector) {
        assertThat(LabelSelector.parse(selector).matches(POD)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a in (|unable to parse requirement: found '', expected: ',', ')' or identifier",
                "a in b|unable to parse requirement: found 'b' expected: '('",
                "a b|unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
                "a,|found '', expected: identifier after ','",
                "=|found '=', expected: !, identifier, or 'end of string'",
                "a>x|unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"
            })
    void unreadableLabelSelectorsGetTheServersMessage(String selector, String message) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(SelectorException.class)
                .hasMessage(message.replace("\\\"", "\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "metadata.name=web-1",
                "metadata.namespace=shop",
                "metadata.name!=web-2",
                "spec.nodeName=n1,status.phase==Running",
                "spec.host=n1",
                "spec.hostNetwork=false",
                "status.podIP=10.0.0.7",
                "status.nominatedNodeName="
            })
    void fieldsAreSelected(String selector) {
        assertThat(fields(selector).matches(KEY, POD)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata.name=web-2", "spec.nodeName!=n1", "status.phase=Running,spec.nodeName="})
    void fieldsAreNotSelected(String selector) {
        assertThat(fields(selector).matches(KEY, POD)).isFalse();
    }

    @Test
    void valuesOfFieldsAreUnescaped() {
        assertThat(fields("metadata.name=a\\,b\\=c\\\\d").exactName()).contains("a,b=c\\d");
        assertThatThrownBy(() -> fields("metadata.name=a\\b"))
                .hasMessage("invalid field selector: invalid escape sequence: \\b");
        assertThatThrownBy(() -> fields("metadata.name"))
                .hasMessage("invalid selector: 'metadata.name'; can't understand 'metadata.name'");
    }

    @Test
    void unsupportedFieldsGetTheServersMessage() {
        assertThatThrownBy(() -> fields("spec.image=x")).hasMessage("field label not supported: spec.image");
        ResourceType configMaps = new ResourceType("", "configmaps");
        assertThatThrownBy(() -> FieldSelector.parse("a=b", SelectableFields.of(configMaps, configMaps)))
                .hasMessage("\"a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    @Test
    void customResourcesAreSelectedByTheFieldsTheyDeclare() {
        byte[] widget = "{\"spec\":{\"size\":3}}".getBytes(StandardCharsets.UTF_8);
        SelectableFields declared = SelectableFields.ofCustomResource(true, List.of(".spec.size"));

        assertThat(FieldSelector.parse("spec.size=3", declared).matches(KEY, widget))
                .isTrue();
        assertThatThrownBy(() -> FieldSelector.parse("spec.color=red", declared))
                .hasMessage("field label not supported: spec.color");
    }

    private static FieldSelector fields(String selector) {
        return FieldSelector.parse(selector, SelectableFields.of(PODS, PODS));
    }
}
