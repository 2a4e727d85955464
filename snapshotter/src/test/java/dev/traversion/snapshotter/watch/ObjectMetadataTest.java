/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ObjectMetadataTest {

    private static final ObjectMetadata WEB = new ObjectMetadata("apps/v1", "Deployment", "shop", "web", "u-1", "42");

    @Test
    void metadataIsReadInAnyOrderOfFields() throws IOException {
        assertThat(read("{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"web\","
                        + "\"namespace\":\"shop\",\"uid\":\"u-1\",\"resourceVersion\":\"42\"},\"spec\":{}}"))
                .isEqualTo(WEB);
        assertThat(
                        read(
                                "{\"apiVersion\":\"apps/v1\",\"data\":{\"metadata\":{\"name\":\"no\"}},\"kind\":\"Deployment\","
                                        + "\"metadata\":{\"annotations\":{\"name\":\"no\"},\"resourceVersion\":\"42\",\"ownerReferences\":"
                                        + "[{\"uid\":\"no\",\"name\":\"no\"}],\"uid\":\"u-1\",\"namespace\":\"shop\",\"name\":\"web\"}}"))
                .isEqualTo(WEB);
    }

    @Test
    void clusterScopedObjectsHaveNoNamespace() throws IOException {
        assertThat(read("{\"metadata\":{\"name\":\"ü\",\"uid\":\"u\",\"resourceVersion\":\"1\"}}"))
                .isEqualTo(new ObjectMetadata("", "", "", "ü", "u", "1"));
    }

    @Test
    void whatComesBeforeMetadataMayBeDeep() throws IOException {
        assertThat(read("{\"data\":" + "[".repeat(9_990) + "]".repeat(9_990) + ",\"metadata\":{\"name\":\"deep\"}}")
                        .name())
                .isEqualTo("deep");
    }

    @Test
    void onlyTheGivenBytesAreRead() throws IOException {
        byte[] bytes = bytes("{\"kind\":\"A\"}{\"kind\":\"B\",\"metadata\":{\"name\":\"b\"}}{\"kind\":\"C\"}");
        assertThat(ObjectMetadata.read(bytes, 12, 38).kind()).isEqualTo("B");
    }

    @Test
    void whatIsNoObjectIsRefused() {
        for (String text : new String[] {
            "[]",
            "\"x\"",
            "{\"metadata\":{\"name\":",
            "{\"kind\" \"x\"}",
            "{\"kind\":{}}",
            "{\"metadata\":{\"name\":[7]}}"
        }) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anotherResourceVersionLeavesEveryOtherByte() throws IOException {
        assertThat(withVersion(
                        "{\"data\":{\"resourceVersion\":\"1\"}, \"metadata\" : {\"annotations\":{\"resourceVersion\":\"2\"},"
                                + "\"name\":\"ü\",\"resourceVersion\": \"42\" },\"x\":[1]}\n",
                        "1234"))
                .isEqualTo(
                        "{\"data\":{\"resourceVersion\":\"1\"}, \"metadata\" : {\"annotations\":{\"resourceVersion\":\"2\"},"
                                + "\"name\":\"ü\",\"resourceVersion\": \"1234\" },\"x\":[1]}\n");
        assertThatThrownBy(() -> withVersion("{\"metadata\":{\"name\":\"a\"}}", "1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("resourceVersion");
    }

    private static String withVersion(String body, String version) throws IOException {
        return new String(ObjectMetadata.withResourceVersion(bytes(body), version), StandardCharsets.UTF_8);
    }

    private static ObjectMetadata read(String text) throws IOException {
        return ObjectMetadata.read(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
