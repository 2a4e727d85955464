/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import okhttp3.Call;
import okhttp3.Response;

/** An answer whose body is still to be read, on the thread that wants it. */
final class Exchange implements ApiReads.Stream, AutoCloseable {

    private static final int BUFFER_BYTES = 32 << 10;

    private final String path;
    private final Call call;
    private final Response response;
    private final Runnable heard;
    private ApiReads.Bytes consumer;
    private volatile boolean cancelled;

    /** @param heard called when something came */
    Exchange(String path, Call call, Response response, Runnable heard) {
        this.path = path;
        this.call = call;
        this.response = response;
        this.heard = heard;
    }

    Call call() {
        return call;
    }

    int status() {
        return response.code();
    }

    Exchange to(ApiReads.Bytes receiver) {
        consumer = receiver;
        return this;
    }

    @Override
    public void await() throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = response.body().byteStream();
            for (int count = in.read(buffer); count >= 0 && !cancelled; count = in.read(buffer)) {
                heard.run();
                consumer.accept(ByteBuffer.wrap(buffer, 0, count));
            }
        } catch (IOException e) {
            if (!cancelled) {
                throw e;
            }
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        } finally {
            // Before the body is closed, which would otherwise read on for a while to keep the connection.
            call.cancel();
            response.close();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        call.cancel();
    }

    /** The whole answer, but no more of its body than so many bytes. */
    Answer answer(int most) throws IOException {
        byte[] body = response.body().byteStream().readNBytes(most);
        heard.run();
        return new Answer(path, status(), body, retryAfter());
    }

    /** Seconds; 0 if the server did not ask to wait. */
    private long retryAfter() {
        String seconds = response.header("Retry-After");
        return seconds != null && seconds.matches("\\d{1,4}") ? Long.parseLong(seconds) : 0;
    }

    @Override
    public void close() {
        response.close();
    }
}
