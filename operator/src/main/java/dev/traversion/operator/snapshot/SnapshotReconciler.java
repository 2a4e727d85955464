/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.snapshot;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.crds.Snapshot;
import dev.traversion.crds.SnapshotSpec;
import dev.traversion.crds.SnapshotStatus;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.status.Conditions;
import dev.traversion.operator.status.EventRecorder;
import dev.traversion.operator.status.StatusRecorder;
import dev.traversion.operator.store.StoreAccess;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Keeps the moments that Snapshots name, tells what they hold, and lets them go when their time is over. */
public final class SnapshotReconciler implements Reconciler<Snapshot>, Cleaner<Snapshot> {

    private static final String READY = "Ready";
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofMinutes(10);

    /** By then each type was looked at once more, also those that are asked for now and then only. */
    private static final Duration SETTLING = Duration.ofMinutes(2);

    private static final int MOST_GAPS = 20;
    private static final long CACHE_BYTES = 1L << 30;

    private final KubernetesClient client;
    private final Settings settings;
    private final StoreAccess access;
    private final StatusRecorder statuses;
    private final EventRecorder events;
    private final Clock clock;

    public SnapshotReconciler(
            KubernetesClient client,
            Settings settings,
            StoreAccess access,
            StatusRecorder statuses,
            EventRecorder events,
            Clock clock) {
        this.client = client;
        this.settings = settings;
        this.access = access;
        this.statuses = statuses;
        this.events = events;
        this.clock = clock;
    }

    /** Why a moment cannot be kept at present. */
    private static final class NotKeptException extends Exception {
        private static final long serialVersionUID = 1;
        private final String reason;

        NotKeptException(String reason, String message) {
            super(message);
            this.reason = reason;
        }
    }

    @Override
    public UpdateControl<Snapshot> reconcile(Snapshot snapshot, Context<Snapshot> context) {
        statuses.refresh(snapshot);
        Optional<Instant> expires = Expiry.of(snapshot);
        if (expires.isPresent() && !clock.instant().isBefore(expires.get())) {
            events.normal(snapshot, "Expired", "spec.keepFor is over: the moment is kept no longer.");
            client.resource(snapshot).delete();
            return UpdateControl.noUpdate();
        }
        try {
            record(snapshot, kept(snapshot), Conditions.TRUE, "Kept", "The moment is kept.");
            return UpdateControl.<Snapshot>noUpdate().rescheduleAfter(untilNext(expires));
        } catch (NotKeptException e) {
            record(snapshot, before(snapshot), Conditions.FALSE, e.reason, e.getMessage());
        } catch (IOException | TraversionException e) {
            record(
                    snapshot,
                    before(snapshot),
                    Conditions.FALSE,
                    e instanceof StoreAccess.NoCredentialsException ? "CredentialsMissing" : "StoreUnreachable",
                    "The recording cannot be read or written: " + e.getMessage());
        }
        return UpdateControl.<Snapshot>noUpdate().rescheduleAfter(SOON);
    }

    /** Until it is looked at again; its time may have ended while it was. */
    private Duration untilNext(Optional<Instant> expires) {
        if (expires.isEmpty()) {
            return LATER;
        }
        Duration left = Duration.between(clock.instant(), expires.get());
        return left.isNegative() ? Duration.ZERO : left.compareTo(LATER) < 0 ? left : LATER;
    }

    private void record(Snapshot snapshot, SnapshotStatus found, String status, String reason, String message) {
        Long generation = snapshot.getMetadata().getGeneration();
        Conditions conditions =
                new Conditions(before(snapshot).conditions(), generation, clock).add(READY, status, reason, message);
        statuses.record(
                snapshot,
                new Snapshot(),
                new SnapshotStatus(
                        generation,
                        found.time(),
                        found.objects(),
                        found.bytes(),
                        found.digest(),
                        found.completeness(),
                        found.gaps(),
                        Expiry.of(snapshot).map(Instant::toString).orElse(null),
                        found.export(),
                        conditions.list()),
                SnapshotStatus::conditions,
                List.of(READY));
    }

    private static SnapshotStatus before(Snapshot snapshot) {
        return snapshot.getStatus() != null
                ? snapshot.getStatus()
                : new SnapshotStatus(null, null, null, null, null, null, null, null, null, null);
    }

    /** Pins the moment first; what it holds is told once, and the file is written once. */
    private SnapshotStatus kept(Snapshot snapshot) throws IOException, NotKeptException {
        SnapshotSpec spec = snapshot.getSpec();
        SnapshotStatus before = before(snapshot);
        String created = snapshot.getMetadata().getCreationTimestamp();
        Instant moment = spec.time() == null
                ? Instant.parse(created)
                : OffsetDateTime.parse(spec.time()).toInstant();
        long time = Times.nanos(moment);
        String clusterId = access.clusterId();
        try (Store store = open(snapshot)) {
            SnapshotPins pins = new SnapshotPins(store, clusterId, snapshot);
            String reason = spec.reason() == null ? "" : spec.reason();
            if (before.digest() != null && (before.export() != null || !wantsFile(spec))) {
                pins.ensure(time, isHeld(spec), reason, created);
                return before;
            }
            try (Recording recording = Recording.open(store, clusterId, options())) {
                requireRecorded(recording, time);
                pins.ensure(time, isHeld(spec), reason, created);
                MomentSummary summary = MomentSummary.of(recording, time);
                String export = wantsFile(spec)
                        ? MomentFile.write(
                                recording, time, snapshot.getMetadata().getName(), store, settings.state())
                        : null;
                return new SnapshotStatus(
                        null,
                        moment.toString(),
                        summary.objects(),
                        summary.bytes(),
                        summary.digest(),
                        summary.gaps().isEmpty() ? "Complete" : "WithGaps",
                        summary.gaps().stream().limit(MOST_GAPS).toList(),
                        null,
                        export,
                        null);
            }
        }
    }

    private static boolean isHeld(SnapshotSpec spec) {
        return Boolean.TRUE.equals(spec.hold());
    }

    private static boolean wantsFile(SnapshotSpec spec) {
        return Boolean.TRUE.equals(spec.export());
    }

    private RecordingOptions options() {
        RecordingOptions usual = RecordingOptions.defaults();
        return new RecordingOptions(
                settings.state().resolve("parts"), CACHE_BYTES, usual.indexBytes(), usual.pageBytes());
    }

    private void requireRecorded(Recording recording, long time) throws IOException, NotKeptException {
        if (time < recording.start()) {
            throw new NotKeptException(
                    "NotRecorded",
                    "The recording begins at " + Times.instant(recording.start()) + ", after that moment. Make another"
                            + " Snapshot with a later time.");
        }
        if (time > recording.end()) {
            throw new NotKeptException(
                    "Pending",
                    "The recording reaches to " + Times.instant(recording.end())
                            + ". The moment is kept as soon as it is in it.");
        }
        boolean isRecent = time > Times.nanos(clock.instant().minus(SETTLING));
        if (isRecent && !MomentSummary.gaps(recording, time).isEmpty()) {
            requireKnown(recording, time);
        }
    }

    /** What is looked at now and then only is known later than the rest. */
    private static void requireKnown(Recording recording, long time) throws NotKeptException {
        for (ResourceType type : recording.types(time)) {
            List<CoverageInterval> told = recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE);
            if (!told.isEmpty() && told.stream().allMatch(each -> each.to() <= time)) {
                throw new NotKeptException(
                        "Pending",
                        "The recording of " + type + " reaches to "
                                + Times.instant(told.getLast().to())
                                + ". The moment is kept as soon as it is in it.");
            }
        }
    }

    private Store open(Snapshot snapshot) throws NotKeptException {
        String name = snapshot.getSpec().recording();
        dev.traversion.crds.Recording recording = client.resources(dev.traversion.crds.Recording.class)
                .withName(name)
                .get();
        if (recording == null) {
            throw new NotKeptException(
                    "RecordingNotFound", "There is no Recording " + name + ". Make it, or delete this Snapshot.");
        }
        if (recording.getSpec().store().s3() == null) {
            throw new NotKeptException(
                    "StoreOnVolume",
                    "The operator cannot open the volume of Recording " + name
                            + ". Use kubectl traversion pin where the volume is mounted.");
        }
        return access.open(recording.getSpec().store());
    }

    @Override
    public DeleteControl cleanup(Snapshot snapshot, Context<Snapshot> context) {
        if (isHeld(snapshot.getSpec())) {
            events.warning(
                    snapshot,
                    "LegalHold",
                    "A legal hold cannot be deleted. Lift it first: kubectl patch snapshot "
                            + snapshot.getMetadata().getName()
                            + " --type=merge -p '{\"spec\":{\"hold\":false}}'");
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(LATER.toMillis());
        }
        try (Store store = open(snapshot)) {
            new SnapshotPins(store, access.clusterId(), snapshot).remove();
        } catch (NotKeptException e) {
            events.normal(snapshot, e.reason, "Its pin, if there is one, stays in the recording: " + e.getMessage());
        } catch (IOException | TraversionException e) {
            events.warning(snapshot, "StoreUnreachable", "It cannot be unpinned yet: " + e.getMessage());
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(SOON.toMillis());
        }
        statuses.forget(snapshot, before(snapshot).conditions());
        return DeleteControl.defaultDelete();
    }
}
