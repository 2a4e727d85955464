/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.recording;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.RecordingFiles;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * The files of a cluster's recording as they are in its store, for programs that read them where they run: {@code files} lists those below
 * a {@code prefix}, {@code files/<path>} is one, of which {@code offset} and {@code length} ask for a piece. For those who may list
 * everything, Secrets included, since files cannot be cut by permissions: the same right as for an export. Who read what is not among them.
 */
final class FilesApi {

    private static final int LONGEST_PIECE = 64 << 20;

    private FilesApi() {}

    /** @param path below {@code files} */
    static void handle(History history, Exchange exchange, List<String> path) throws IOException {
        Past whole = new Past(history, history.start(), history.end());
        exchange.permit(new Read.Objects(whole, "list", RecordingApi.EVERYTHING, "", "", ""));
        if (path.isEmpty()) {
            list(history.files(), exchange);
            return;
        }
        String file = String.join("/", path);
        try {
            send(history.files(), exchange, file);
        } catch (NoSuchFileException e) {
            throw StatusFailure.notServed("the recording has no file " + file);
        }
    }

    private static void list(RecordingFiles files, Exchange exchange) throws IOException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("files");
        for (StoredFile file : files.list(exchange.query("prefix"))) {
            list.addObject().put("path", file.path()).put("size", file.size());
        }
        ApiHandler.send(exchange, answer);
    }

    private static void send(RecordingFiles files, Exchange exchange, String file) throws IOException {
        String offset = exchange.query("offset");
        String length = exchange.query("length");
        if (offset.isEmpty() && length.isEmpty()) {
            try (InputStream in = files.read(file)) {
                OutputStream out = exchange.open(200, "application/octet-stream");
                in.transferTo(out);
                // Not if it failed: the end says that this is all.
                out.close();
            }
            return;
        }
        byte[] piece = files.read(
                file, number("offset", offset, Long.MAX_VALUE), (int) number("length", length, LONGEST_PIECE));
        exchange.send(200, "application/octet-stream", piece);
    }

    private static long number(String name, String text, long most) {
        if (!text.matches("\\d{1,18}") || Long.parseLong(text) > most) {
            throw StatusFailure.badRequest(name + ": \"" + text + "\" is no number of bytes from 0 to " + most);
        }
        return Long.parseLong(text);
    }
}
