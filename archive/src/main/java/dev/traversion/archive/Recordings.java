/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** The recordings in a store: {@code clusters/<cluster id>/}, each with a {@code recording.json} that tells its format. */
public final class Recordings {

    /** The format this version writes. It reads every one with the same major part. */
    public static final String FORMAT = "1.0";

    private static final String CLUSTERS = "clusters/";
    private static final String DESCRIPTION = "recording.json";

    private Recordings() {}

    /** Where a cluster's recording lies in its store, with a slash at the end. */
    public static String folder(String clusterId) {
        return CLUSTERS + clusterId + "/";
    }

    /** The path of the file that makes a folder a recording. */
    public static String description(String clusterId) {
        return folder(clusterId) + DESCRIPTION;
    }

    /**
     * The ids of the clusters recorded in a store, sorted.
     *
     * @throws TraversionException if there is none
     */
    public static List<String> clusters(Store store) throws IOException {
        List<String> clusters = new ArrayList<>();
        for (String folder : store.folders(CLUSTERS)) {
            clusters.add(folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder);
        }
        if (clusters.isEmpty()) {
            throw new TraversionException(
                    "%s is not a recording: it has no folder clusters/. Give the directory or s3:// prefix that was recorded to."
                            .formatted(store.location()));
        }
        return clusters;
    }

    /**
     * The id of the only cluster in a store.
     *
     * @throws TraversionException if there is none, or several, which it names
     */
    public static String onlyCluster(Store store) throws IOException {
        List<String> clusters = clusters(store);
        if (clusters.size() > 1) {
            throw new TraversionException("%s holds recordings of %d clusters. Choose one of them: %s"
                    .formatted(store.location(), clusters.size(), String.join(", ", clusters)));
        }
        return clusters.getFirst();
    }

    /**
     * Makes sure that a cluster's recording is there and of a format that can be read.
     *
     * @throws TraversionException if not
     */
    public static void check(Store store, String clusterId) throws IOException {
        byte[] description;
        try (InputStream in = store.read(description(clusterId))) {
            description = in.readAllBytes();
        } catch (NoSuchFileException e) {
            List<String> clusters = clusters(store);
            if (clusters.contains(clusterId)) {
                throw new TraversionException(
                        "%s is missing in %s. Restore it from a copy of the recording."
                                .formatted(description(clusterId), store.location()),
                        e);
            }
            throw new TraversionException(
                    "%s holds no recording of cluster %s. It has: %s"
                            .formatted(store.location(), clusterId, String.join(", ", clusters)),
                    e);
        }
        checkFormat(store, description(clusterId), description);
    }

    private static void checkFormat(Store store, String path, byte[] description) throws IOException {
        String format;
        try {
            JsonNode field = new ObjectMapper().readTree(description).path("format");
            format = field.asText();
        } catch (JsonProcessingException e) {
            format = "";
        }
        int dot = format.indexOf('.');
        int major;
        try {
            major = Integer.parseInt(dot < 0 ? format : format.substring(0, dot));
        } catch (NumberFormatException e) {
            throw new TraversionException(
                    "%s in %s is damaged: it names no format. Restore it from a copy of the recording."
                            .formatted(path, store.location()),
                    e);
        }
        if (major > Integer.parseInt(FORMAT.substring(0, FORMAT.indexOf('.')))) {
            throw new TraversionException(
                    "%s was recorded in format %s, which is newer than %s. Use a newer version of Traversion to read it."
                            .formatted(store.location(), format, FORMAT));
        }
    }
}
