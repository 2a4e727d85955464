/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Operation;
import dev.traversion.archive.TraversionException;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiServer;
import dev.traversion.snapshotter.api.RefusedException;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
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
    private static final int PAGE = 500;
    private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(1);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final ServedResource resource;
    private final ApiServer server;
    private final ResourceRecorder recorder;
    private final StreamStatus status;
    private final Semaphore lists;
    private final Random random = new Random();
    private final AtomicReference<ApiServer.Stream> current = new AtomicReference<>();

    private volatile boolean stopping;
    private volatile String stopReason = "";
    private volatile boolean streaming;
    private volatile long lastBytes;
    private volatile TraversionException failure;
    private boolean streamingLists = true;
    private boolean initialList;
    private int failuresInARow;

    /** @param lists how many may be listing at the same time: a start must not be a flood */
    ResourceStream(
            ServedResource resource,
            ApiServer server,
            ResourceRecorder recorder,
            StreamStatus status,
            Semaphore lists) {
        this.resource = resource;
        this.server = server;
        this.recorder = recorder;
        this.status = status;
        this.lists = lists;
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

    /** Says in the recording that the stream is alive, if it is. */
    void heartbeat(long mostSilence) throws InterruptedException {
        if (streaming) {
            recorder.alive(mostSilence);
        }
    }

    /** Cuts a connection on which even bookmarks do not come any more. */
    void cutIfSilent(Duration longest) {
        ApiServer.Stream stream = current.get();
        if (streaming && stream != null && System.nanoTime() - lastBytes > longest.toNanos()) {
            LOG.log(Level.DEBUG, "no byte on the watch of " + resource.type() + " for " + longest);
            stream.cancel();
        }
    }

    /** Ends the stream; the reason goes into the recording. */
    void stop(String reason) {
        stopReason = reason;
        stopping = true;
        ApiServer.Stream stream = current.get();
        if (stream != null) {
            stream.cancel();
        }
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                observe();
            }
            recorder.stopped(stopReason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TraversionException e) {
            failure = e;
        } finally {
            status.stopped();
        }
    }

    /** One round: until the stream ends, or something goes wrong. */
    private void observe() throws InterruptedException {
        try {
            if (recorder.resourceVersion().isEmpty()) {
                list();
            } else {
                watch("resourceVersion=" + recorder.resourceVersion());
            }
            failuresInARow = 0;
            status.reconnected();
        } catch (RefusedException e) {
            refused(e);
        } catch (IOException e) {
            if (!stopping) {
                LOG.log(Level.DEBUG, "the watch of " + resource.type() + " broke", e);
                pause(0);
            }
        } finally {
            streaming = false;
            current.set(null);
        }
    }

    private void refused(RefusedException e) throws InterruptedException {
        if (e.isGone()) {
            recorder.lost("the watch expired (410 Gone); intermediate versions unknown");
        } else if (e.isForbidden()) {
            recorder.unobservable("forbidden: " + e.getMessage());
            sleep(FORBIDDEN_PAUSE.toMillis());
        } else if (e.status() == 404 || e.status() == 405) {
            recorder.unobservable("not served: " + e.getMessage());
            sleep(FORBIDDEN_PAUSE.toMillis());
        } else if (initialList && streamingLists && (e.status() == 400 || e.status() == 422)) {
            streamingLists = false;
        } else {
            LOG.log(Level.DEBUG, "the API server refused " + resource.type(), e);
            pause(e.retryAfter() * 1_000);
        }
    }

    private void list() throws IOException, InterruptedException {
        lists.acquire();
        boolean held = true;
        try {
            recorder.known().beginList();
            if (streamingLists) {
                initialList = true;
                Runnable complete = new Runnable() {
                    private boolean released;

                    @Override
                    public void run() {
                        if (!released) {
                            released = true;
                            lists.release();
                        }
                    }
                };
                held = false;
                try {
                    watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", complete);
                } finally {
                    complete.run();
                    initialList = false;
                }
            } else {
                listPages();
            }
        } finally {
            if (held) {
                lists.release();
            }
        }
    }

    private void listPages() throws IOException, InterruptedException {
        String continuation = "";
        String version;
        do {
            String path = resource.path() + "?limit=" + PAGE
                    + (continuation.isEmpty()
                            ? ""
                            : "&continue=" + URLEncoder.encode(continuation, StandardCharsets.UTF_8));
            Answer answer = server.get(path, "application/json").orFail();
            ListPage page = consume(answer);
            continuation = page.continuation();
            version = page.resourceVersion();
        } while (!continuation.isEmpty());
        recorder.listComplete(version);
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
        watch(from, () -> {});
    }

    private void watch(String from, Runnable listComplete) throws IOException, InterruptedException {
        int seconds = 300 + random.nextInt(300);
        String path = resource.path() + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds + "&" + from;
        LineFramer framer = new LineFramer((line, offset, length) -> handle(line, offset, length, listComplete));
        lastBytes = System.nanoTime();
        ApiServer.Stream stream = server.stream(path, bytes -> {
            lastBytes = System.nanoTime();
            framer.accept(bytes);
        });
        current.set(stream);
        streaming = !initialList;
        if (stopping) {
            stream.cancel();
        }
        try {
            stream.await();
        } catch (java.util.concurrent.CancellationException e) {
            LOG.log(Level.TRACE, "the watch was cancelled", e);
        }
    }

    private void handle(byte[] line, int offset, int length, Runnable listComplete) throws Exception {
        WatchEvent event = WatchEvent.parse(line, offset, length);
        switch (event.type()) {
            case ADDED -> {
                if (initialList) {
                    recorder.listed(line, event.offset(), event.length());
                } else {
                    recorder.changed(Operation.ADDED, line, event.offset(), event.length());
                }
            }
            case MODIFIED -> recorder.changed(Operation.MODIFIED, line, event.offset(), event.length());
            case DELETED -> recorder.changed(Operation.DELETED, line, event.offset(), event.length());
            case BOOKMARK -> bookmark(line, event, listComplete);
            case ERROR -> {
                JsonNode error = JSON.readTree(line, event.offset(), event.length());
                throw new RefusedException(
                        resource.path(),
                        error.path("code").asInt(500),
                        error.path("message").asText(),
                        0);
            }
        }
    }

    private void bookmark(byte[] line, WatchEvent event, Runnable listComplete) throws Exception {
        JsonNode metadata = JSON.readTree(line, event.offset(), event.length()).path("metadata");
        String version = metadata.path("resourceVersion").asText();
        if (!initialList) {
            recorder.confirmed(version);
        } else if (metadata.path("annotations")
                .path(INITIAL_EVENTS_END)
                .asText()
                .equals("true")) {
            initialList = false;
            recorder.listComplete(version);
            streaming = true;
            listComplete.run();
        }
    }

    /** Waits longer after each failure in a row, with jitter so that streams do not come back all at once. */
    private void pause(long atLeastMillis) throws InterruptedException {
        long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(10, failuresInARow));
        failuresInARow++;
        sleep(Math.max(atLeastMillis, most / 2 + random.nextLong(most / 2 + 1)));
    }

    private void sleep(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!stopping && System.nanoTime() < end) {
            Thread.sleep(Math.min(100, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
        }
    }
}
