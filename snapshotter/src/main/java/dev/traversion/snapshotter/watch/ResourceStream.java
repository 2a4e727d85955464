/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Execution;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.TraversionException;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiReads;
import dev.traversion.snapshotter.api.RefusedException;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps one resource observed, whatever happens: lists it, watches it, resumes where the watch ended, lists again where that is not
 * possible. Ends only when told to, or when recording itself fails.
 */
final class ResourceStream implements Runnable {

    private static final Logger LOG = System.getLogger(ResourceStream.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";
    private static final int MOST_ITEMS = 500;
    private static final int MOST_PAGE_BYTES = 16 << 20;
    private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(1);

    /** A resource whose lists have no version cannot be watched: it is listed this often. */
    private static final Duration POLL_PAUSE = Duration.ofSeconds(30);

    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final int FAILURES_WORTH_A_GAP = 3;

    /** A watch that was accepted can still be refused by its first event; after this long without one, it is a living one. */
    private static final long PROVEN_NANOS = Duration.ofSeconds(1).toNanos();

    /** A connection lost for longer than this is a gap in time, although no version is lost. */
    private static final long TOLERATED_SILENCE = Duration.ofSeconds(10).toNanos();

    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(3);
    private static final Duration LONGEST_SILENCE_LISTING = Duration.ofSeconds(45);

    private final ServedResource resource;
    private final ApiReads server;
    private final ResourceRecorder recorder;
    private final StreamCoverage coverage;
    private final StreamStatus status;
    private final SeenRevisions seen;
    private final Healer healer;
    private final ListPermit permit;
    private final Execution execution;
    private final AtomicReference<ApiReads.Stream> current = new AtomicReference<>();

    private volatile boolean stopping;
    private volatile boolean seenToTheEnd;
    private volatile String stopReason = "";
    private volatile boolean streaming;
    private volatile boolean proven;
    private volatile long accepted;
    private volatile long lastBytes;
    private volatile String problem = "";
    private volatile TraversionException failure;
    private volatile boolean streamingLists = true;
    private volatile boolean initialList;

    /** Whether the watch may be resumed where it ended: not after the server said that it has expired. */
    private boolean resumable = true;

    /** Whether a list may show what a watch delivered and could not be read. */
    private boolean relist;

    /** Why a round ended without a gap that says so; {@code ""} if none did. */
    private String broken = "";

    private int limit = MOST_ITEMS;
    private int failuresInARow;

    /**
     * @param seen what the streams see together
     * @param lists how many may be listing at the same time: a start must not be a flood
     */
    ResourceStream(
            ServedResource resource,
            ApiReads server,
            ResourceRecorder recorder,
            SeenRevisions seen,
            Semaphore lists,
            Execution execution) {
        this.resource = resource;
        this.server = server;
        this.recorder = recorder;
        this.coverage = recorder.coverage();
        this.status = recorder.status();
        this.seen = seen;
        this.permit = new ListPermit(lists);
        this.execution = execution;
        this.healer = new Healer(
                resource.type(), new ExactLists(resource, server), seen, recorder, execution, () -> stopping);
    }

    ServedResource resource() {
        return resource;
    }

    StreamStatus status() {
        return status;
    }

    /** Why recording itself failed; null if it did not. */
    TraversionException failure() {
        return failure;
    }

    /**
     * Says in the recording that the stream is alive, or that it is broken.
     *
     * @param reachable whether the server answers
     * @param mostSilence ns since it was said last, if it need not be said again yet
     */
    void heartbeat(boolean reachable, long mostSilence) throws InterruptedException {
        if (reachable && isAlive()) {
            recorder.alive(mostSilence);
        } else if (!stopping) {
            String reason = problem.isEmpty() ? "the API server does not answer" : problem;
            coverage.broken(TOLERATED_SILENCE, "connection lost, " + CoverageMark.LATE + ": " + reason);
        }
    }

    private boolean isAlive() {
        return streaming && (proven || execution.nanoTime() - accepted > PROVEN_NANOS);
    }

    /** Cuts a connection on which even bookmarks do not come any more. */
    void cutIfSilent() {
        ApiReads.Stream stream = current.get();
        Duration longest = initialList ? LONGEST_SILENCE_LISTING : LONGEST_SILENCE;
        if (stream != null && execution.nanoTime() - lastBytes > longest.toNanos()) {
            LOG.log(Level.DEBUG, "no byte on the watch of " + resource.type() + " for " + longest);
            if (initialList) {
                // A server that does not know streamed lists ignores the wish, and their end never comes.
                streamingLists = false;
            }
            stream.cancel();
        }
    }

    /**
     * Ends the stream.
     *
     * @param reason for the recording
     * @param reachable whether the server answers
     */
    void stop(String reason, boolean reachable) {
        stopReason = reason;
        seenToTheEnd = reachable && isAlive();
        stopping = true;
        ApiReads.Stream stream = current.get();
        if (stream != null) {
            stream.cancel();
        }
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                observeAgain();
            }
            coverage.stopped(stopReason, seenToTheEnd);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TraversionException e) {
            failure = e;
        } finally {
            status.stopped();
        }
    }

    /** No stream ends quietly, not even of what its own way of telling failures cannot tell, such as too little memory. */
    private void observeAgain() throws InterruptedException {
        try {
            observe();
        } catch (TraversionException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "the stream of " + resource.type() + " begins again", e);
            broken = "the stream broke: " + e;
            failed(broken, 0);
        }
    }

    /** One round: until the stream ends, or something goes wrong. */
    private void observe() throws InterruptedException {
        long began = execution.nanoTime();
        try {
            if (!broken.isEmpty()) {
                coverage.lost(broken);
                broken = "";
            }
            if (relist) {
                coverage.lost(recorder.unreadable());
                relist = false;
            }
            if (coverage.resourceVersion().isEmpty()) {
                list();
            } else if (!resumable) {
                heal();
            } else {
                watch("resourceVersion=" + coverage.resourceVersion());
            }
            status.reconnected();
            if (execution.nanoTime() - began < PROVEN_NANOS
                    && !coverage.resourceVersion().isEmpty()) {
                failed("watches end as soon as they begin", 0);
            } else {
                failuresInARow = 0;
            }
        } catch (RefusedException e) {
            refused(e);
        } catch (TraversionException e) {
            throw e;
        } catch (IOException e) {
            failed(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), 0);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "the stream of " + resource.type() + " begins again", e);
            coverage.lost("the stream broke: " + e);
            failed(e.toString(), 0);
        } finally {
            streaming = false;
            initialList = false;
            current.set(null);
            permit.release();
        }
    }

    private void refused(RefusedException e) throws InterruptedException {
        if (e.isGone()) {
            expired(e);
        } else if (e.isForbidden()) {
            unobservable("forbidden: " + e.getMessage());
        } else if (e.status() == 404 || e.status() == 405) {
            unobservable("not served: " + e.getMessage());
        } else {
            failed(e.getMessage(), e.retryAfter() * 1_000);
        }
    }

    private void expired(RefusedException e) throws InterruptedException {
        if (coverage.resourceVersion().isEmpty()) {
            failed("lists expire before they are complete: " + e.getMessage(), e.retryAfter() * 1_000);
        } else if (canBeHealed()) {
            resumable = false;
        } else {
            coverage.lost("the watch expired (410 Gone): intermediate versions are unknown");
        }
    }

    private boolean canBeHealed() {
        return resource.isInEtcd() && ResourceVersions.isNumeric(coverage.resourceVersion());
    }

    private void heal() throws IOException, InterruptedException {
        if (!permit.await(() -> stopping)) {
            return;
        }
        try {
            healer.heal(permit::release);
        } catch (Healer.LostException e) {
            coverage.lost(e.getMessage());
        }
        resumable = true;
    }

    private void unobservable(String reason) throws InterruptedException {
        streaming = false;
        permit.release();
        coverage.unobservable(reason);
        sleep(FORBIDDEN_PAUSE.toMillis());
    }

    /** Waits longer after each failure in a row, with jitter so that streams do not come back all at once. */
    private void failed(String what, long atLeastMillis) throws InterruptedException {
        streaming = false;
        permit.release();
        if (stopping) {
            return;
        }
        LOG.log(Level.DEBUG, "{0}: {1}", resource.type(), what);
        problem = what;
        status.troubled(what);
        failuresInARow++;
        if (failuresInARow == FAILURES_WORTH_A_GAP && coverage.resourceVersion().isEmpty()) {
            coverage.unobservable("cannot be listed: " + what);
        }
        long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(10, failuresInARow));
        sleep(Math.max(atLeastMillis, most / 2 + execution.random().nextLong(most / 2 + 1)));
    }

    private void sleep(long millis) throws InterruptedException {
        long end = execution.nanoTime() + millis * 1_000_000;
        while (!stopping && execution.nanoTime() < end) {
            execution.sleep(Math.min(100, Math.max(1, (end - execution.nanoTime()) / 1_000_000)));
        }
    }

    private void list() throws IOException, InterruptedException {
        if (!permit.await(() -> stopping)) {
            return;
        }
        recorder.beginList();
        if (streamingLists) {
            initialList = true;
            try {
                watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
            } catch (RefusedException e) {
                if (!initialList || (e.status() != 400 && e.status() != 422)) {
                    throw e;
                }
                streamingLists = false;
            }
        } else {
            listPages();
        }
    }

    private void listPages() throws IOException, InterruptedException {
        String continuation = "";
        String version;
        do {
            String path = resource.path() + "?limit=" + limit
                    + (continuation.isEmpty()
                            ? ""
                            : "&continue=" + URLEncoder.encode(continuation, StandardCharsets.UTF_8));
            Answer answer = server.get(path, "application/json").orFail();
            if (answer.body().length > MOST_PAGE_BYTES) {
                limit = Math.max(1, limit / 2);
            }
            ListPage page = consume(answer);
            continuation = page.continuation();
            version = page.resourceVersion();
        } while (!continuation.isEmpty() && !stopping);
        if (continuation.isEmpty()) {
            recorder.listComplete(version);
            if (version.isEmpty()) {
                coverage.gap(CoverageMark.BEST_EFFORT + ": lists have no resourceVersion, so it cannot be"
                        + " watched; it is listed every " + POLL_PAUSE.toSeconds() + " s");
                permit.release();
                sleep(POLL_PAUSE.toMillis());
            }
        }
    }

    private ListPage consume(Answer answer) throws IOException, InterruptedException {
        try {
            return ListPage.read(answer.body(), resource, recorder::listed);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void watch(String from) throws IOException, InterruptedException {
        int seconds = 300 + execution.random().nextInt(300);
        String path = resource.path() + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds + "&" + from;
        LineFramer framer = new LineFramer(new LineFramer.Lines() {
            @Override
            public void accept(byte[] bytes, int offset, int length) throws Exception {
                handle(bytes, offset, length);
            }

            @Override
            public void tooLong(long length) throws Exception {
                skipped(length);
            }
        });
        proven = false;
        lastBytes = execution.nanoTime();
        ApiReads.Stream stream = server.stream(path, bytes -> {
            lastBytes = execution.nanoTime();
            framer.accept(bytes);
        });
        accepted = execution.nanoTime();
        current.set(stream);
        streaming = !initialList;
        if (stopping) {
            stream.cancel();
        }
        stream.await();
        relist = recorder.needsList();
    }

    private void handle(byte[] line, int offset, int length) throws Exception {
        boolean knewAll = !recorder.needsList();
        WatchEvent event = read(line, offset, length);
        if (event != null) {
            handle(event, line);
        }
        understood(knewAll);
    }

    private void skipped(long length) throws InterruptedException, IOException {
        boolean knewAll = !recorder.needsList();
        recorder.unreadable("a line of the watch has " + length + " bytes, and " + LineFramer.LONGEST_LINE
                + " can be recorded at most");
        understood(knewAll);
    }

    /** Ends the watch if something came that only a list can show, and before it did not. */
    private void understood(boolean knewAll) throws IOException {
        if (knewAll && recorder.needsList() && !initialList) {
            // If the list is no more readable, its watch goes on all the same.
            relist = true;
            throw new IOException(recorder.unreadable());
        }
        if (!proven) {
            proven = true;
            problem = "";
        }
    }

    /** A line as an event; null if it is none. */
    private WatchEvent read(byte[] line, int offset, int length) throws InterruptedException {
        try {
            return WatchEvent.parse(line, offset, length);
        } catch (IOException e) {
            recorder.unreadable("a line of the watch could not be read: " + e.getMessage());
            return null;
        }
    }

    private void handle(WatchEvent event, byte[] line) throws Exception {
        switch (event.type()) {
            case ADDED -> {
                if (initialList) {
                    recorder.listed(line, event.offset(), event.length());
                } else {
                    changed(Operation.ADDED, line, event);
                }
            }
            case MODIFIED -> changed(Operation.MODIFIED, line, event);
            case DELETED -> changed(Operation.DELETED, line, event);
            case BOOKMARK -> bookmark(line, event);
            case ERROR -> {
                JsonNode error = JSON.readTree(line, event.offset(), event.length());
                throw new RefusedException(
                        resource.path(),
                        error.path("code").asInt(500),
                        error.path("message").asText(),
                        error.path("details").path("retryAfterSeconds").asLong(0));
            }
        }
    }

    private void changed(Operation operation, byte[] line, WatchEvent event) throws InterruptedException {
        recorder.changed(operation, line, event.offset(), event.length());
        if (canBeHealed()) {
            seen.add(resource.type(), Long.parseLong(coverage.resourceVersion()));
        }
    }

    private void bookmark(byte[] line, WatchEvent event) throws Exception {
        JsonNode metadata = JSON.readTree(line, event.offset(), event.length()).path("metadata");
        String version = metadata.path("resourceVersion").asText();
        if (!initialList) {
            recorder.confirmed(version);
        } else if (metadata.path("annotations")
                .path(INITIAL_EVENTS_END)
                .asText()
                .equals("true")) {
            recorder.listComplete(version);
            problem = "";
            initialList = false;
            streaming = true;
            permit.release();
        }
    }
}
