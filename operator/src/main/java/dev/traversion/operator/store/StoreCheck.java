/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.store;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoreFullException;
import dev.traversion.archive.store.StoreRefusal;
import dev.traversion.crds.Recording;
import dev.traversion.crds.StoreSpec;
import dev.traversion.operator.status.Conditions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells whether the buckets of recordings can be written, by writing and deleting a small file in them. What was found is told again
 * for some time, a failure for some seconds. Safe for concurrent use.
 */
public final class StoreCheck implements AutoCloseable {

    private static final Duration REMEMBERED = Duration.ofSeconds(25);
    private static final Duration FAILURE_REMEMBERED = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String GOES_ON = " Recorders that run go on in their logs until these are full.";

    private final StoreAccess access;
    private final Clock clock;
    private final ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Found> known = new ConcurrentHashMap<>();

    private record Found(StoreSpec store, String credentials, Instant at, StoreState state) {}

    public StoreCheck(StoreAccess access, Clock clock) {
        this.access = access;
        this.clock = clock;
    }

    /**
     * Looks at a recording's bucket.
     *
     * @param credentials the version of its Secret: another one is tried at once
     */
    public StoreState of(Recording recording, String credentials) throws InterruptedException {
        String uid = recording.getMetadata().getUid();
        StoreSpec store = recording.getSpec().store();
        Found last = known.get(uid);
        if (last != null
                && last.store.equals(store)
                && last.credentials.equals(credentials)
                && last.at.plus(remembered(last.state)).isAfter(clock.instant())) {
            return last.state;
        }
        StoreState state = probe(store);
        known.put(uid, new Found(store, credentials, clock.instant(), state));
        return state;
    }

    private static Duration remembered(StoreState state) {
        return Conditions.FALSE.equals(state.status()) ? FAILURE_REMEMBERED : REMEMBERED;
    }

    /** The recording is gone. */
    public void forget(Recording recording) {
        known.remove(recording.getMetadata().getUid());
    }

    private StoreState probe(StoreSpec spec) throws InterruptedException {
        String location = StoreAccess.location(spec);
        Future<StoreState> probe = probes.submit(() -> {
            try (Store store = access.open(spec)) {
                store.probe();
                return new StoreState(Conditions.TRUE, "Written", location + " can be written.");
            }
        });
        try {
            return probe.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            probe.cancel(true);
            return new StoreState(
                    Conditions.FALSE,
                    "StoreUnreachable",
                    location + " did not answer within " + PATIENCE.toSeconds() + " s. Check store.s3.endpoint and the"
                            + " network." + GOES_ON);
        } catch (ExecutionException e) {
            return failed(spec, location, e.getCause());
        }
    }

    private static StoreState failed(StoreSpec spec, String location, Throwable cause) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return switch (cause) {
            case StoreAccess.NoCredentialsException e ->
                new StoreState(Conditions.FALSE, "CredentialsMissing", message);
            case TraversionException e
            when spec.s3().credentialsSecret() == null ->
                new StoreState(
                        Conditions.UNKNOWN,
                        "NotChecked",
                        "The operator cannot look at " + location + " without store.s3.credentialsSecret: " + message);
            case StoreRefusal e ->
                new StoreState(
                        Conditions.FALSE,
                        switch (e.why()) {
                            case NO_BUCKET -> "BucketNotFound";
                            case WRONG_KEYS -> "CredentialsWrong";
                            case NOT_ALLOWED -> "PermissionMissing";
                        },
                        message
                                + (e.why() == StoreRefusal.Why.WRONG_KEYS
                                        ? " They are in Secret " + spec.s3().credentialsSecret() + "."
                                        : "")
                                + GOES_ON);
            case TraversionException e -> new StoreState(Conditions.FALSE, "StoreRefuses", message);
            case StoreFullException e ->
                new StoreState(
                        Conditions.FALSE,
                        "StoreFull",
                        "There is no room at " + location + ": " + message
                                + ". Make the bucket or its quota larger, or keep less with spec.retention." + GOES_ON);
            case IOException e ->
                new StoreState(
                        Conditions.FALSE,
                        "StoreUnreachable",
                        "Cannot write to " + location + ": " + message + ". Check store.s3, the Secret and the bucket."
                                + GOES_ON);
            default -> throw new IllegalStateException("a defect while looking at " + location, cause);
        };
    }

    @Override
    public void close() {
        probes.shutdownNow();
    }
}
