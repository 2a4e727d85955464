/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class FieldDiffTest {

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static FieldDiff diff(String before, String after) {
        return FieldDiff.between(json(before), json(after));
    }

    private static String paths(FieldDiff diff) {
        return String.join(
                " ",
                diff.fields().stream().map(field -> field.path().toString()).toList());
    }

    @Test
    void namesTheFieldsThatCameWentAndChanged() {
        FieldDiff diff = diff("{'a':{'b':1,'c':2}}", "{'a':{'b':3,'d':4}}");

        assertThat(paths(diff)).isEqualTo("a.b a.d a.c");
        assertThat(diff.fields().get(1).before()).isNull();
        assertThat(diff.fields().get(2).after()).isNull();
    }

    @Test
    void quotesWhatIsNoPlainName() {
        assertThat(paths(diff("{'data':{'app.properties':'x'}}", "{'data':{'app.properties':'y'}}")))
                .isEqualTo("data[\"app.properties\"]");
    }

    @Test
    void comparesElementsOfListsByTheirNames() {
        FieldDiff diff = diff(
                "{'spec':{'containers':[{'name':'web','image':'web:1'},{'name':'log','image':'log:1'}]}}",
                "{'spec':{'containers':[{'name':'init','image':'init:1'},{'name':'log','image':'log:1'},{'name':'web','image':'web:2'}]}}");

        assertThat(paths(diff)).isEqualTo("spec.containers[name=init] spec.containers[name=web].image");
    }

    @Test
    void tellsAnotherOrderWhereKubernetesGoesByIt() {
        FieldDiff diff = diff(
                "{'initContainers':[{'name':'a'},{'name':'b'}],'volumes':[{'name':'x'},{'name':'y'}]}",
                "{'initContainers':[{'name':'new'},{'name':'b'},{'name':'a'}],'volumes':[{'name':'y'},{'name':'x'}]}");

        assertThat(paths(diff)).isEqualTo("initContainers initContainers[name=new]");
        assertThat(diff.fields().getFirst().before()).hasToString("[\"a\",\"b\"]");
        assertThat(diff.fields().getFirst().after()).hasToString("[\"b\",\"a\"]");
    }

    @Test
    void comparesElementsWithoutNamesByTheirPlaces() {
        assertThat(paths(diff("{'args':['a','b']}", "{'args':['a','c','d']}"))).isEqualTo("args[1] args[2]");
        assertThat(paths(diff("{'x':[{'name':'a'},{'name':'a','v':1}]}", "{'x':[{'name':'a'},{'name':'a','v':2}]}")))
                .as("two elements of one name")
                .isEqualTo("x[1].v");
    }

    @Test
    void aValueOfAnotherTypeIsOneChange() {
        assertThat(paths(diff("{'a':{'b':1}}", "{'a':[1]}"))).isEqualTo("a");
        assertThat(paths(diff("{'a':null}", "{'a':{}}"))).isEqualTo("a");
    }

    @Test
    void countsBookkeepingWithoutShowingIt() {
        FieldDiff diff = diff(
                "{'metadata':{'resourceVersion':'1','generation':1},'status':{'conditions':[{'type':'Ready','status':'True','lastHeartbeatTime':'1'}]}}",
                "{'metadata':{'resourceVersion':'2','generation':2},'status':{'conditions':[{'type':'Ready','status':'False','lastHeartbeatTime':'2'}]}}");

        assertThat(paths(diff)).isEqualTo("status.conditions[type=Ready].status");
        assertThat(diff.folded()).isEqualTo(3);
    }

    @Test
    void saysWhoSetAValue() {
        String fields =
                "'managedFields':[{'manager':'kubectl','operation':'Update','time':'2026-01-01T00:00:00Z','fieldsV1':"
                        + "{'f:spec':{'f:replicas':{},'f:containers':{'k:{\\\"name\\\":\\\"web\\\"}':{'f:image':{}}}}}},"
                        + "{'manager':'autoscaler','operation':'Update','time':'2026-01-02T00:00:00Z','fieldsV1':{'f:spec':{'f:replicas':{}}}}]";
        FieldDiff diff = diff(
                "{'spec':{'replicas':1,'containers':[{'name':'web','image':'web:1'}],'gone':1}}",
                "{'metadata':{" + fields + "},'spec':{'replicas':2,'containers':[{'name':'web','image':'web:2'}]}}");

        assertThat(owner(diff, "spec.replicas")).as("the later of two").isEqualTo("autoscaler");
        assertThat(owner(diff, "spec.containers[name=web].image")).isEqualTo("kubectl");
        assertThat(diff.fields().stream()
                        .filter(field -> field.path().toString().equals("spec.gone"))
                        .findFirst()
                        .orElseThrow()
                        .owner())
                .isNull();
    }

    @Test
    void nobodyIsNamedWhoClaimsOnlyWhatIsBesideAField() {
        String fields =
                "'managedFields':[{'manager':'kubectl','operation':'Update','time':'2026-01-01T00:00:00Z','fieldsV1':"
                        + "{'f:spec':{'f:paused':{},'f:selector':{}}}}]";
        FieldDiff diff = diff(
                "{'spec':{'replicas':1,'selector':{'app':'a'}}}",
                "{'metadata':{" + fields + "},'spec':{'replicas':0,'selector':{'app':'b'}}}");

        assertThat(owner(diff, "spec.selector.app")).as("owned as a whole").isEqualTo("kubectl");
        assertThat(diff.fields())
                .filteredOn(field -> field.path().toString().equals("spec.replicas"))
                .singleElement()
                .satisfies(field -> assertThat(field.owner()).isNull());
    }

    @Test
    void aListWithOtherKeysIsClaimedByWhoeverHasElementsOfIt() {
        String fields =
                "'managedFields':[{'manager':'kubectl','operation':'Update','time':'2026-01-01T00:00:00Z','fieldsV1':"
                        + "{'f:ports':{'k:{\\\"containerPort\\\":80}':{'f:name':{}}}}}]";
        FieldDiff diff = diff(
                "{'ports':[{'name':'http','containerPort':80}]}",
                "{'metadata':{" + fields + "},'ports':[{'name':'www','containerPort':80}]}");

        assertThat(owner(diff, "ports[name=www]")).isEqualTo("kubectl");
    }

    private static String owner(FieldDiff diff, String path) {
        return diff.fields().stream()
                .filter(field -> field.path().toString().equals(path))
                .findFirst()
                .orElseThrow()
                .owner()
                .manager();
    }
}
