/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.testing.RandomBodies;
import dev.traversion.archive.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangedPathsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChangedPaths comparison = new ChangedPaths();

    @Test
    void leavesThatDifferAreNamed() {
        assertThat(
                        between(
                                "{'metadata':{'name':'a','resourceVersion':'1','generation':1},'spec':{'replicas':1,'x':{'y':[1,2]}}}",
                                "{'metadata':{'name':'a','resourceVersion':'22','generation':2},'spec':{'replicas':10,'x':{'y':[1,3]}}}"))
                .containsExactly("spec.replicas", "spec.x.y[1]");
    }

    @Test
    void membersThatComeAndGoAreNamed() {
        assertThat(between("{'a':1,'b':{'c':2,'d':3},'e':4}", "{'a':1,'b':{'d':3,'n':5},'e':4,'f':{'g':1}}"))
                .containsExactly("b.c", "b.n", "f");
        assertThat(between("{}", "{'a':1}")).containsExactly("a");
        assertThat(between("{'a':1}", "{}")).containsExactly("a");
    }

    @Test
    void listOfAnotherLengthIsNamedAsAWhole() {
        assertThat(between("{'s':{'l':[{'a':1},{'a':2}]}}", "{'s':{'l':[{'a':2}]}}"))
                .containsExactly("s.l");
        assertThat(between("{'s':{'l':[{'a':1},{'a':2}]}}", "{'s':{'l':[{'a':1},{'a':3}]}}"))
                .containsExactly("s.l[1].a");
    }

    @Test
    void valuesOfAnotherKindAreNamed() {
        assertThat(between("{'a':{'b':1}}", "{'a':[1]}")).containsExactly("a");
        assertThat(between("{'a':1,'b':2}", "{'a':12,'b':2}")).containsExactly("a");
        assertThat(between("{'b':2,'a':1}", "{'b':2,'a':12}")).containsExactly("a");
        assertThat(between("{'a':null}", "{'a':{}}")).containsExactly("a");
    }

    @Test
    void unusualNamesAreQuoted() {
        assertThat(between("{'metadata':{'labels':{'app.kubernetes.io/name':'x'}}}", "{'metadata':{'labels':{}}}"))
                .containsExactly("metadata.labels['app.kubernetes.io/name']");
    }

    @Test
    void managedFieldsAreNoChange() {
        assertThat(between("{'metadata':{'managedFields':[1],'name':'a'}}", "{'metadata':{'name':'a'}}"))
                .isEmpty();
        assertThat(between("{'metadata':{'name':'a'}}", "{'metadata':{'name':'a','managedFields':[1]}}"))
                .isEmpty();
        assertThat(between("{'metadata':{'managedFields':[1]}}", "{'metadata':{'managedFields':[2,3]}}"))
                .isEmpty();
        assertThat(between("{'spec':{'generation':1}}", "{'spec':{'generation':2}}"))
                .containsExactly("spec.generation");
    }

    @Test
    void manyChangesAreCutOffVisibly() {
        String left = IntStream.range(0, 50).mapToObj(i -> "'k" + i + "':1").collect(Collectors.joining(",", "{", "}"));
        String right =
                IntStream.range(0, 50).mapToObj(i -> "'k" + i + "':2").collect(Collectors.joining(",", "{", "}"));
        assertThat(between(left, right)).hasSize(ChangedPaths.LIMIT + 1).endsWith(ChangedPaths.MORE);
        assertThat(between(left, "{}")).hasSize(ChangedPaths.LIMIT + 1).endsWith(ChangedPaths.MORE);
        assertThat(between("{}", right)).hasSize(ChangedPaths.LIMIT + 1).endsWith(ChangedPaths.MORE);
    }

    @Test
    void whatIsNoJsonIsSaid() {
        assertThat(between("{'a':1}", "{'a':")).containsExactly(ChangedPaths.MORE);
        assertThat(between("", "{'a':1}")).containsExactly(ChangedPaths.MORE);
    }

    @Test
    void pathsAreThoseOfATreeComparison() throws IOException {
        long seed = Seed.take();
        RandomBodies bodies = new RandomBodies(new Random(seed));
        int compared = 0;
        while (compared < 20_000) {
            // few names and small values, so that many are shared
            String left = "{\"a\":" + bodies.value(3) + ",\"b\":" + bodies.value(3) + "}";
            String right = "{\"a\":" + bodies.value(3) + ",\"b\":" + bodies.value(3) + "}";
            Set<String> expected = new TreeSet<>();
            compare("", JSON.readTree(left), JSON.readTree(right), expected);
            byte[] older = left.getBytes(StandardCharsets.UTF_8);
            byte[] newer = right.getBytes(StandardCharsets.UTF_8);
            List<String> found = comparison.between(older, older.length, newer, newer.length);
            if (expected.size() <= ChangedPaths.LIMIT) {
                assertThat(new TreeSet<>(found)).as("%s%n%s", left, right).isEqualTo(expected);
                compared++;
            }
            assertThat(comparison.between(older, older.length, older, older.length))
                    .isEmpty();
        }
    }

    private static void compare(String path, JsonNode left, JsonNode right, Set<String> changed) {
        if (left.isObject() && right.isObject()) {
            Set<String> names = new TreeSet<>();
            left.fieldNames().forEachRemaining(names::add);
            right.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String plain = path.isEmpty() ? name : path + "." + name;
                String member = name.matches("[A-Za-z0-9_-]+") ? plain : path + "['" + name + "']";
                if (!left.has(name) || !right.has(name)) {
                    changed.add(member);
                } else {
                    compare(member, left.get(name), right.get(name), changed);
                }
            }
        } else if (left.isArray() && right.isArray() && left.size() == right.size()) {
            for (int i = 0; i < left.size(); i++) {
                compare(path + "[" + i + "]", left.get(i), right.get(i), changed);
            }
        } else if (!left.equals(right)) {
            changed.add(path);
        }
    }

    private List<String> between(String left, String right) {
        byte[] older = left.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] newer = right.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return comparison.between(older, older.length, newer, newer.length);
    }
}
