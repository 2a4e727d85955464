/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found while reading, and what was not used. For one thread. */
public final class ImportReport {

    private final Map<ResourceType, Integer> objects = new TreeMap<>();
    private final List<String> damaged = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private long filesRead;
    private long filesPassedOver;
    private long repeated;

    void fileRead() {
        filesRead++;
    }

    void filePassedOver() {
        filesPassedOver++;
    }

    void damaged(String sentence) {
        damaged.add(sentence);
    }

    void leftOut(String sentence) {
        leftOut.add(sentence);
    }

    void foundAgain() {
        repeated++;
    }

    void objects(ResourceType type, int count) {
        objects.merge(type, count, Integer::sum);
    }

    /** How many objects of each type are imported. */
    public Map<ResourceType, Integer> objects() {
        return objects;
    }

    /** Sentences that each name a file or an entry of an archive that could not be read, and why. */
    public List<String> damaged() {
        return damaged;
    }

    /** Sentences about objects that were read and cannot be recorded. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** Files in which objects were found. */
    public long filesRead() {
        return filesRead;
    }

    /** Files without objects: logs, reports. */
    public long filesPassedOver() {
        return filesPassedOver;
    }

    /** How often an object occurred that was there already. */
    public long repeated() {
        return repeated;
    }
}
