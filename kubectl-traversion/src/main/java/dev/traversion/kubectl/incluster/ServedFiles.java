/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.Layout;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of one cluster's recording, as the server of the past hands them to those who may read everything. */
final class ServedFiles implements Store {

    private final Connection connection;
    private final String cluster;
    private final String root;

    ServedFiles(Connection connection, String cluster) {
        this.connection = connection;
        this.cluster = cluster;
        this.root = new Layout(cluster).root();
    }

    @Override
    public String location() {
        return "the cluster's server of the past";
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        String below = prefix.startsWith(root) ? prefix.substring(root.length()) : "";
        JsonNode answer = connection.get(url("") + "?prefix=" + encoded(below)).json();
        List<StoredFile> files = new ArrayList<>();
        for (JsonNode file : answer.path("files")) {
            String path = file.path("path").asText();
            if (path.startsWith(prefix)) {
                files.add(new StoredFile(path, file.path("size").asLong()));
            }
        }
        return files;
    }

    @Override
    public InputStream read(String path) throws IOException {
        return get(path, "").body();
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        try (InputStream in =
                get(path, "?offset=" + offset + "&length=" + length).body()) {
            return in.readAllBytes();
        }
    }

    private Connection.Answer get(String path, String query) throws IOException {
        if (!path.startsWith(root)) {
            throw new NoSuchFileException(path);
        }
        String steps = encoded(path.substring(root.length())).replace("%2F", "/");
        return connection
                .find(url("/" + steps) + query)
                .orElseThrow(() -> new NoSuchFileException(location() + ": " + path));
    }

    private String url(String below) {
        return "/clusters/" + cluster + "/files" + below;
    }

    /** Of a path, in which a space is no plus. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void create(String path, byte[] content) {
        throw readOnly();
    }

    @Override
    public void create(String path, Path content) {
        throw readOnly();
    }

    @Override
    public void delete(String path) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("the past is only to be read");
    }

    @Override
    public void close() {}
}
