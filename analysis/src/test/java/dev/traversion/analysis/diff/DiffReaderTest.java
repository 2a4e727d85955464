/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiffReaderTest {

    private static final ResourceType DEPLOYMENTS = new ResourceType("apps", "deployments");
    private static final byte[] BODY = "{\"data\":{\"a\":1}}".getBytes(StandardCharsets.UTF_8);
    private static final ObjectDiff CHANGED = new ObjectDiff(
            new ObjectKey(DEPLOYMENTS, "shop", "checkout"),
            "Deployment",
            ObjectDiff.Change.CHANGED,
            1_770_000_000_123_456_789L,
            List.of(
                    new FieldChange(
                            FieldPath.written("spec.containers[name=web].image"),
                            TextNode.valueOf("a\nb"),
                            null,
                            new FieldOwner("kubectl", "Update", "2026-01-31T14:03:22Z")),
                    new FieldChange(FieldPath.written("data[\"app.properties\"]"), null, IntNode.valueOf(3), null)),
            2,
            BODY,
            null);
    private static final MomentDiff END = new MomentDiff(
            Map.of(ObjectDiff.Change.CHANGED, 1), 7, Map.of(new ResourceType("coordination.k8s.io", "leases"), 3));

    private static byte[] written(boolean isWhole) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new ObjectMapper().getFactory().createGenerator(out)) {
            DiffDocument document = new DiffDocument(json, Instant.EPOCH, Instant.EPOCH.plusSeconds(1), isWhole);
            document.add(CHANGED);
            document.end(END);
        }
        return out.toByteArray();
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        List<ObjectDiff> found = new ArrayList<>();

        assertThat(DiffReader.read(new ByteArrayInputStream(written(true)), found::add))
                .isEqualTo(END);

        assertThat(found).usingRecursiveComparison().isEqualTo(List.of(CHANGED));
    }

    @Test
    void bodiesAreThereOnlyIfAskedFor() throws IOException {
        DiffReader.read(new ByteArrayInputStream(written(false)), difference -> assertThat(difference.before())
                .isNull());
    }

    @Test
    void whatEndsEarlyIsNoDiff() throws IOException {
        byte[] whole = written(true);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> DiffReader.read(new ByteArrayInputStream(part), _ -> {}))
                    .as("the first %d bytes", length)
                    .isInstanceOf(IOException.class);
        }
    }
}
