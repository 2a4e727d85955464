/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.ResourceType;
import dev.traversion.archive.testing.Seed;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListPageTest {

    private static final ServedResource DEPLOYMENTS =
            new ServedResource(new ResourceType("apps", "deployments"), "v1", "Deployment", true, "");

    private final List<String> items = new ArrayList<>();

    @Test
    void itemsWithoutATypeGetItInFrontAndStayOtherwiseAsTheyAre() throws Exception {
        ListPage page = read(
                "{\"kind\":\"DeploymentList\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"resourceVersion\":\"77\"},"
                        + "\"items\":[{\"metadata\":{\"name\":\"ü\"},\"spec\":{\"a\": [1, 2.50 ,{}]}},{\"metadata\":{\"name\":\"b\"}}]}\n");
        assertThat(page).isEqualTo(new ListPage("77", ""));
        assertThat(items)
                .containsExactly(
                        "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"ü\"},\"spec\":{\"a\": [1, 2.50 ,{}]}}",
                        "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"b\"}}");
    }

    @Test
    void itemsWithATypeAreCutOutByteForByteInTheirOwnOrderOfFields() throws Exception {
        String first = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"z\":1,\"a\":\"}]{\\\"\"}";
        String second = "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"x\":\"𝄞<\\u003c>\"}";
        read("{\"items\":[" + first + " ,\n" + second + "],\"metadata\":{\"resourceVersion\":\"5\"}}");
        assertThat(items).containsExactly(first, second);
    }

    @Test
    void theNextPageIsNamedWhereverMetadataStands() throws Exception {
        assertThat(read("{\"items\":[],\"metadata\":{\"continue\":\"to/ken=\",\"remainingItemCount\":7,"
                        + "\"selfLink\":{\"continue\":\"no\"},\"resourceVersion\":\"9\"}}"))
                .isEqualTo(new ListPage("9", "to/ken="));
        assertThat(items).isEmpty();
    }

    @Test
    void listsWithoutItemsAreEmpty() throws Exception {
        assertThat(read("{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":null}"))
                .isEqualTo(new ListPage("9", ""));
        assertThat(read("{\"metadata\":{\"resourceVersion\":\"9\"}}")).isEqualTo(new ListPage("9", ""));
        assertThat(items).isEmpty();
    }

    @Test
    void randomItemsComeBackByteForByte() throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            expected.add("{\"apiVersion\":\"apps/v1\",\"v\":" + value(random, 0) + "}");
        }
        read("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + String.join(",", expected) + "]}");
        assertThat(items).as("seed %d", seed).isEqualTo(expected);
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 5 ? 3 : 5)) {
            case 0 -> "\"" + "ü𝄞 {}[],:\\\"\\\\\\u00e9\\n".repeat(random.nextInt(3)) + "\"";
            case 1 -> random.nextBoolean() ? "-1.250e+7" : Long.toString(random.nextLong());
            case 2 -> random.nextBoolean() ? "null" : "true";
            case 3 -> "{" + values(random, depth, "\"k\":") + "}";
            default -> "[" + values(random, depth, " ") + "]";
        };
    }

    private static String values(Random random, int depth, String before) {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(before + value(random, depth + 1));
        }
        return String.join(",", values);
    }

    @Test
    void aPageThatIsCutOffOrNoListIsAFailure() {
        for (String text : new String[] {
            "[]",
            "\"x\"",
            "{\"items\":[{\"a\":1}",
            "{\"items\":[{\"a\":",
            "{\"metadata\":{\"resourceVersion\":\"1\"}",
            "{\"kind\":\"Status\",\"metadata\":{}}",
            "{\"items\":{}}",
            "{\"items\":[{},null,{}]}",
            "\0{\"items\":[]}"
        }) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(IOException.class);
        }
    }

    private ListPage read(String list) throws Exception {
        return ListPage.read(
                list.getBytes(StandardCharsets.UTF_8),
                DEPLOYMENTS,
                (bytes, offset, length) -> items.add(new String(bytes, offset, length, StandardCharsets.UTF_8)));
    }
}
