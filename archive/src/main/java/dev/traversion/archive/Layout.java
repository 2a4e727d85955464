/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Where the files of a recording lie in its store. */
public record Layout(String clusterId) {

    /** The format of recordings this version writes. */
    public static final String FORMAT = "1.0";

    private static final int MAJOR = 1;
    private static final String CLUSTERS = "clusters/";

    /** The ids of the clusters recorded in a store, sorted. */
    public static List<String> clusters(Store store) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String id : store.folders(CLUSTERS)) {
            if (new Layout(id).exists(store)) {
                ids.add(id);
            }
        }
        return ids;
    }

    public String root() {
        return CLUSTERS + clusterId + "/";
    }

    public String versions() {
        return root() + "versions";
    }

    public String coverage() {
        return root() + "coverage";
    }

    public String wal() {
        return root() + "wal/";
    }

    /** What node agents land, a folder for each node. */
    public String landing() {
        return root() + "landing/";
    }

    /** The table of what happened on nodes that has this name. */
    public String table(String name) {
        return root() + name;
    }

    /** The seals of the commits of such a table. */
    public String tableSeals(String name) {
        return table(name) + "/seals/";
    }

    /** Who writes, or wrote. */
    public String writers() {
        return root() + "writers/";
    }

    /** The recorders that share the recording. */
    public String members() {
        return root() + "members/";
    }

    public String seals() {
        return root() + "seals/";
    }

    /** Who read what: the audit of the past. */
    public String reads() {
        return root() + "reads/";
    }

    /** Copies of what was damaged. */
    public String quarantine() {
        return root() + "quarantine/";
    }

    public String seal(int number) {
        return seals() + number + ".json";
    }

    /** Marks the place as a recording, unless it is one. */
    public void create(Store store) throws IOException {
        if (exists(store)) {
            return;
        }
        byte[] marker = StampedJson.stamp("{\"format\":\"" + FORMAT + "\",\"cluster\":\"" + clusterId + "\"}\n");
        try {
            store.create(root() + "recording.json", marker);
        } catch (FileAlreadyExistsException e) {
            exists(store);
        }
    }

    /**
     * Whether there is a recording of the cluster.
     *
     * @throws TraversionException if it was written by a newer version, in a format this one cannot read
     */
    public boolean exists(Store store) throws IOException {
        String path = root() + "recording.json";
        JsonNode marker;
        try (InputStream in = store.read(path)) {
            marker = StoredJson.read(
                    StampedJson.check(in.readAllBytes(), store.location() + "/" + path), JsonNode.class);
        } catch (NoSuchFileException e) {
            return false;
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new TraversionException(
                    store.location() + "/" + path + " is damaged: it is not JSON. Restore it from a backup.", e);
        }
        String format = marker.path("format").asText();
        if (!format.matches("\\d{1,6}\\.\\d{1,6}")) {
            throw new TraversionException(store.location() + "/" + path + " is damaged: it names no format.");
        }
        if (Integer.parseInt(format.substring(0, format.indexOf('.'))) > MAJOR) {
            throw new TraversionException("The recording in " + store.location() + " has format " + format
                    + ", and this version reads up to " + MAJOR + ".x. Update kubectl-traversion to open it.");
        }
        return true;
    }
}
