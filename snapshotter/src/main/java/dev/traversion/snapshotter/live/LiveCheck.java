/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.live;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.Times;
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.api.ApiServer;
import dev.traversion.snapshotter.api.RefusedException;
import dev.traversion.snapshotter.discovery.Discovery;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Compares a recording with the cluster it is of, byte for byte after masking: types chosen at random, at versions chosen at random among
 * those recorded, with the API server's exact lists of them; and every type as it is now. The recording may be being made.
 */
public final class LiveCheck {

    /** Older versions are not likely to be in etcd any more: it is compacted every five minutes, by default. */
    private static final long REACH = Duration.ofMinutes(30).toNanos();

    /** What was observed so lately may not be in the recording for all types. */
    private static final long SETTLED = Duration.ofSeconds(5).toNanos();

    private static final int ATTEMPTS_PER_SAMPLE = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ApiServer server;
    private final History history;
    private final ExactComparison comparison;
    private final Consumer<String> progress;
    private final LiveReport report = new LiveReport();

    /** @param masking with the key the recording was made with */
    public LiveCheck(ApiServer server, History history, Masking masking, Consumer<String> progress) {
        this.server = server;
        this.history = history;
        this.comparison = new ExactComparison(server, history, masking);
        this.progress = progress;
    }

    /** A version that some object of some type had, and when that was seen. */
    private record Moment(String version, long time) {}

    /** @throws IOException if the cluster or the recording cannot be read */
    public LiveReport run(int samples, long seed) throws IOException, InterruptedException {
        List<ServedResource> resources = new ArrayList<>();
        List<ResourceType> recorded = history.types(history.end());
        for (ServedResource resource : new Discovery(server).read().resources().values()) {
            if (resource.isInEtcd() && recorded.contains(resource.type())) {
                resources.add(resource);
            }
        }
        if (resources.isEmpty()) {
            report.note("Nothing that is recorded is served by this cluster.");
            return report;
        }
        past(resources, samples, new Random(seed));
        if (history.live()) {
            for (ServedResource resource : resources) {
                present(resource);
            }
        } else {
            report.note("Nobody is recording, so the present is not compared.");
        }
        return report;
    }

    private void past(List<ServedResource> resources, int samples, Random random)
            throws IOException, InterruptedException {
        List<Moment> moments = moments(resources, samples * ATTEMPTS_PER_SAMPLE, random);
        int compared = 0;
        String oldest = "";
        for (int i = 0; i < moments.size() && compared < samples; i++) {
            Moment moment = moments.get(i);
            if (!oldest.isEmpty() && ResourceVersions.compare(moment.version, oldest) <= 0) {
                report.addTooOld();
                continue;
            }
            ServedResource resource = resources.get(random.nextInt(resources.size()));
            Optional<Long> time = history.timeOf(resource.type(), moment.version);
            if (time.isEmpty() || !isObserved(resource.type(), time.get(), moment.time)) {
                report.addInGap();
                continue;
            }
            progress.accept(resource.type() + " at version " + moment.version);
            try {
                ExactComparison.Result result = comparison.compare(resource, moment.version, time.get());
                report.compared(result.objects(), result.differences());
                compared++;
            } catch (RefusedException e) {
                if (e.isGone()) {
                    oldest = moment.version;
                    report.addTooOld();
                } else {
                    report.note(resource.type() + " cannot be listed: " + e.getMessage());
                }
            }
        }
        if (compared < samples) {
            report.note("Only " + compared + " of " + samples
                    + " moments could be compared: the others are too old for etcd, or in gaps.");
        }
    }

    /** Changes chosen at random, in random order. */
    private List<Moment> moments(List<ServedResource> resources, int count, Random random) throws IOException {
        long to = history.live() ? history.end() - SETTLED : history.end();
        long from = Math.max(history.start(), to - REACH);
        String begun = firstVersion(resources, from, to);
        List<Moment> chosen = new ArrayList<>();
        int[] seen = {0};
        for (ServedResource resource : resources) {
            history.changes(resource.type(), "", from, to, change -> {
                if (ResourceVersions.isNumeric(change.resourceVersion())
                        && ResourceVersions.compare(change.resourceVersion(), begun) >= 0) {
                    Moment moment = new Moment(change.resourceVersion(), change.observedAt());
                    seen[0]++;
                    if (chosen.size() < count) {
                        chosen.add(random.nextInt(chosen.size() + 1), moment);
                    } else if (random.nextInt(seen[0]) < count) {
                        chosen.set(random.nextInt(count), moment);
                    }
                }
                return true;
            });
        }
        return chosen;
    }

    /** The version at which the last of them was listed for the first time: objects in lists have older ones. */
    private String firstVersion(List<ServedResource> resources, long from, long to) {
        String latest = "0";
        for (ServedResource resource : resources) {
            for (CoverageInterval interval : history.coverage(resource.type(), from, to)) {
                if (interval.observed()) {
                    boolean isLater = ResourceVersions.isNumeric(interval.fromVersion())
                            && ResourceVersions.compare(interval.fromVersion(), latest) > 0;
                    latest = isLater ? interval.fromVersion() : latest;
                    break;
                }
            }
        }
        return latest;
    }

    /** Whether the recording claims to know a type at a time, and that nothing of it came up to when the version was seen. */
    private boolean isObserved(ResourceType type, long time, long seen) {
        return isObserved(type, time) && isObserved(type, seen);
    }

    private boolean isObserved(ResourceType type, long time) {
        List<CoverageInterval> told = history.coverage(type, time, time);
        return !told.isEmpty() && told.stream().allMatch(interval -> interval.observed() && interval.to() > time + 1);
    }

    /** A list made now, as soon as the recording has got so far. */
    private void present(ServedResource resource) throws IOException, InterruptedException {
        progress.accept(resource.type() + " now");
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            String version = comparison.versionNow(resource);
            while (true) {
                history.refresh();
                if (!isObserved(resource.type(), history.end())) {
                    report.addInGap();
                    return;
                }
                Optional<Long> time = history.timeOf(resource.type(), version);
                ExactComparison.Result result = comparison.compare(resource, version, time.orElse(history.end()));
                if (result.differences().isEmpty() || System.nanoTime() > end) {
                    report.compared(result.objects(), result.differences());
                    return;
                }
                // What is under way is recorded soon; what is missing then is missing.
                Thread.sleep(1_000);
            }
        } catch (RefusedException e) {
            report.note(resource.type() + " cannot be listed: " + e.getMessage());
        }
    }

    /** When a version was recorded, for people. */
    static String text(long time) {
        return Times.instant(time).toString();
    }
}
