/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.crds.DeletionPolicy;
import dev.traversion.crds.Recording;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.status.EventRecorder;
import dev.traversion.operator.store.StoreAccess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Ends a recording that was deleted: first what runs, then, only if it was asked for and no legal hold forbids it, the data. What cannot be
 * done yet is told as an Event, and tried again.
 */
final class Deletion {

    static final Duration AGAIN = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Settings settings;
    private final StoreAccess access;
    private final Workloads workloads;
    private final EventRecorder events;

    Deletion(
            KubernetesClient client, Settings settings, StoreAccess access, Workloads workloads, EventRecorder events) {
        this.client = client;
        this.settings = settings;
        this.access = access;
        this.workloads = workloads;
        this.events = events;
    }

    /** Goes on with it; whether nothing is left to do. */
    boolean isDone(Recording recording, String clusterId) {
        Names names = new Names(recording, settings);
        if (!workloads.end(names)) {
            return false;
        }
        for (String component : List.of(Names.RECORDER, Names.REWIND)) {
            // Cluster-scoped: gone at once, whether or not there is a garbage collector.
            client.rbac()
                    .clusterRoleBindings()
                    .withName(names.inCluster(component))
                    .delete();
        }
        if (recording.getSpec().deletionPolicy() != DeletionPolicy.Delete) {
            events.normal(
                    recording,
                    "DataKept",
                    "The recorded data stays at "
                            + StoreAccess.location(recording.getSpec().store()) + ", and its masking key in the Secret "
                            + names.key() + ".");
            return true;
        }
        if (recording.getSpec().store().s3() != null && !isDeleted(recording, clusterId)) {
            return false;
        }
        workloads.deleteKept(names);
        events.normal(recording, "DataDeleted", "The recorded data was deleted, as spec.deletionPolicy says.");
        return true;
    }

    private boolean isDeleted(Recording recording, String clusterId) {
        Layout layout = new Layout(clusterId);
        try (Store store = access.open(recording.getSpec().store())) {
            List<String> holds = new Pins(store, layout)
                    .all().stream().filter(Pin::hold).map(Pin::name).toList();
            if (!holds.isEmpty()) {
                events.warning(
                        recording,
                        "LegalHold",
                        "The data is not deleted: legal holds forbid it (" + String.join(", ", holds)
                                + "). Lift them, or set spec.deletionPolicy to Keep.");
                return false;
            }
            for (StoredFile file : store.list(layout.root())) {
                store.delete(file.path());
            }
            return true;
        } catch (IOException | TraversionException e) {
            events.warning(
                    recording,
                    "DataNotDeleted",
                    "The data could not be deleted yet: " + e.getMessage()
                            + " Mend that, or set spec.deletionPolicy to Keep.");
            return false;
        }
    }
}
