/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Counts what happened, and remembers what was read for it: the same hour is asked for at every zoom. Safe for concurrent use. */
final class Densities {

    private static final long TILE = 3_600_000_000_000L;
    private static final long MOST_BYTES = 48L << 20;
    private static final int MOST_BUCKETS = 4096;
    private static final String[] NAMES = {"changes", "failed", "deleted", "normal", "warning"};

    private record Key(List<ResourceType> types, String namespace, long from, long to) {}

    private final Map<Key, Density> known = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** Answers {@code density}. */
    void answer(Question question) throws IOException {
        Question.Stretch stretch = question.stretch();
        long width = width(question.required("width"));
        long begin = Math.floorDiv(asked(question, "from", stretch.from()), width) * width;
        long last = asked(question, "to", stretch.to());
        long buckets = Math.max(1, Math.ceilDiv(last - begin, width));
        if (buckets > MOST_BUCKETS) {
            throw StatusFailure.badRequest("this would be " + buckets + " buckets, and " + MOST_BUCKETS
                    + " are the most: ask for wider ones, or for a shorter stretch");
        }
        TreeSet<ResourceType> types = new TreeSet<>(question.types(stretch.to()));
        if (!question.namesTypes()) {
            question.cluster().history().types(stretch.to()).stream()
                    .filter(type -> type.resource().equals("events"))
                    .forEach(types::add);
        }
        Permitted permitted =
                question.permitted(List.copyOf(types), question.namesTypes(), stretch.from(), stretch.to());
        List<ResourceType> visible = new ArrayList<>(permitted.history().types(stretch.to()));
        visible.retainAll(types);
        int[][] counts = new int[Density.SORTS][(int) buckets];
        String namespace = question.text("namespace");
        long first = Math.max(Millis.nanos(begin) - 1, stretch.from() - 1);
        for (long tile = Math.floorDiv(first, TILE) * TILE; tile < stretch.to(); tile += TILE) {
            Density density = density(question, permitted, new Key(visible, namespace, tile, tile + TILE));
            density.count(counts, begin, width);
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("from", begin).put("width", width).put("buckets", buckets);
        for (int sort = 0; sort < Density.SORTS; sort++) {
            ArrayNode list = answer.putArray(NAMES[sort]);
            for (int count : counts[sort]) {
                list.add(count);
            }
        }
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(Millis.nanos(begin + buckets * width)));
    }

    /** What was asked for, also where it is more than there is: tiles are aligned, recordings are not. */
    private static long asked(Question question, String name, long cut) {
        String text = question.text(name);
        return text.matches("\\d{1,14}") ? Long.parseLong(text) : Millis.observed(cut);
    }

    private static long width(String text) {
        long width = text.matches("\\d{1,12}") ? Long.parseLong(text) : 0;
        boolean isOfASecond = width == 125 || width == 250 || width == 500;
        if (!isOfASecond && (width % 1000 != 0 || Long.bitCount(width / 1000) != 1)) {
            throw StatusFailure.badRequest(
                    "width: \"" + text + "\" is not 125, 250, 500, or 1000 times a power of two");
        }
        return width;
    }

    private Density density(Question question, Permitted permitted, Key key) throws IOException {
        boolean isKept = permitted.isEverything() && question.isSettled(key.to());
        if (isKept) {
            synchronized (this) {
                Density before = known.get(key);
                if (before != null) {
                    return before;
                }
            }
        }
        Density density = new Density(key.from());
        for (ResourceType type : key.types()) {
            density.add(permitted.history(), type, key.namespace(), key.to());
        }
        if (isKept) {
            keep(key, density);
        }
        return density;
    }

    private synchronized void keep(Key key, Density density) {
        if (known.put(key, density) == null) {
            bytes += density.size();
        }
        while (bytes > MOST_BYTES && known.size() > 1) {
            Map.Entry<Key, Density> eldest = known.entrySet().iterator().next();
            bytes -= eldest.getValue().size();
            known.remove(eldest.getKey());
        }
    }
}
