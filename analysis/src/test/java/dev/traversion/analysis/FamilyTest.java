/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FamilyTest {

    private static final String CLUSTER = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    private static final ResourceType DEPLOYMENTS = new ResourceType("apps", "deployments");
    private static final ResourceType REPLICA_SETS = new ResourceType("apps", "replicasets");
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final long START = 1_770_000_000_000_000_000L;

    private int changes;

    private void change(RecordingWriter writer, Operation operation, ResourceType type, String name, String owner)
            throws InterruptedException {
        changes++;
        String references = owner.isEmpty() ? "" : ",\"ownerReferences\":[{\"uid\":\"u-" + owner + "\"}]";
        String body = "{\"kind\":\"X\",\"metadata\":{\"name\":\"" + name + "\"" + references + "},\"spec\":{}}";
        writer.append(new Change(
                new ObjectKey(type, "shop", name),
                "X",
                "u-" + name,
                Integer.toString(changes),
                START + changes,
                operation,
                body.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> names(Set<ObjectKey> keys) {
        return keys.stream().map(ObjectKey::name).toList();
    }

    @Test
    void ownersAndChildrenOfAllGenerationsBelongToItAndSiblingsDoNot(@TempDir Path directory) throws Exception {
        try (Store store = new FileStore(directory.resolve("recording"))) {
            try (RecordingWriter writer =
                    RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
                change(writer, Operation.ADDED, DEPLOYMENTS, "web", "");
                change(writer, Operation.ADDED, DEPLOYMENTS, "other", "");
                change(writer, Operation.ADDED, REPLICA_SETS, "web-1", "web");
                change(writer, Operation.ADDED, REPLICA_SETS, "web-2", "web");
                change(writer, Operation.ADDED, PODS, "web-1-a", "web-1");
                change(writer, Operation.ADDED, PODS, "web-2-a", "web-2");
                change(writer, Operation.ADDED, PODS, "alone", "");
                change(writer, Operation.DELETED, PODS, "web-1-a", "web-1");
            }
            try (Recording recording = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
                Scope deployment = new Scope(Set.of(DEPLOYMENTS), "shop", "web");
                assertThat(names(Family.of(recording, deployment, START, START + 100)))
                        .containsExactlyInAnyOrder("web", "web-1", "web-2", "web-1-a", "web-2-a");
                Scope replicaSet = new Scope(Set.of(REPLICA_SETS), "shop", "web-1");
                assertThat(names(Family.of(recording, replicaSet, START, START + 100)))
                        .containsExactlyInAnyOrder("web", "web-1", "web-1-a");
                assertThat(names(Family.of(recording, replicaSet, START + 8, START + 100)))
                        .containsExactlyInAnyOrder("web", "web-1");
            }
        }
    }
}
