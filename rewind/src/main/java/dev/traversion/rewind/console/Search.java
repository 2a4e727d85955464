/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.JsonScanner;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds objects of a moment by words: in names, kinds, labels and images. */
final class Search {

    private static final int USUAL = 50;
    private static final int MOST = 1000;
    private static final long HOUR = 3_600_000_000_000L;
    private static final byte[][] LABELS = JsonScanner.path("metadata", "labels");
    private static final byte[][] POD_CONTAINERS = JsonScanner.path("spec", "containers");
    private static final byte[][] TEMPLATE_CONTAINERS = JsonScanner.path("spec", "template", "spec", "containers");
    private static final byte[][] IMAGE = JsonScanner.path("image");

    private final Question question;
    private final List<String> words;
    private final Body body = new Body();
    private boolean isRead;

    private Search(Question question) {
        this.question = question;
        words = List.of(question.required("q").strip().toLowerCase(Locale.ROOT).split("\\s+"));
    }

    static void answer(Question question) throws IOException {
        new Search(question).answer();
    }

    private void answer() throws IOException {
        long time = question.time("t");
        int limit = question.number("limit", USUAL, MOST);
        Permitted permitted = question.permitted(time, time);
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("t", Millis.observed(time));
        ArrayNode matches = answer.putArray("matches");
        long[] total = {0};
        List<ResourceType> types = permitted.history().types(time).stream()
                .filter(type -> question.namesTypes() || !Question.QUIET.contains(type))
                .toList();
        for (ResourceType type : types) {
            permitted.history().list(type, question.text("namespace"), null, time, version -> {
                String[] found = match(version);
                if (found.length > 0) {
                    total[0]++;
                    if (matches.size() < limit) {
                        read(version);
                        matches.addObject()
                                .put("resource", type.toString())
                                .put("kind", version.kind())
                                .put("namespace", version.key().namespace())
                                .put("name", version.key().name())
                                .put("health", Health.of(type, body))
                                .put("matched", found[0])
                                .put("text", found[1]);
                    }
                }
                return true;
            });
        }
        answer.put("total", total[0]);
        if (total[0] == 0) {
            elsewhere(permitted, types, time, answer);
        }
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(time));
    }

    /** Where and as what; nothing if not all words are found. */
    private String[] match(ObjectVersion version) throws IOException {
        isRead = false;
        String name = (version.kind() + " " + version.key().type() + " "
                        + version.key().path())
                .toLowerCase(Locale.ROOT);
        String[] found = {"name", version.key().path()};
        for (String word : words) {
            if (name.contains(word)) {
                continue;
            }
            read(version);
            String label = label(word);
            String image = label.isEmpty() ? image(word) : "";
            if (label.isEmpty() && image.isEmpty()) {
                return new String[0];
            }
            found = label.isEmpty() ? new String[] {"image", image} : new String[] {"label", label};
        }
        return found;
    }

    /** A body is read only where the name does not tell. */
    private void read(ObjectVersion version) throws IOException {
        if (!isRead) {
            body.read(version, false);
            isRead = true;
        }
    }

    private String label(String word) {
        byte[] json = body.bytes();
        int labels = body.length() == 0 ? -1 : JsonScanner.find(json, 0, LABELS);
        if (labels >= 0) {
            JsonScanner.Members members = new JsonScanner.Members(json, labels);
            while (members.next()) {
                String label = members.name() + "=" + JsonScanner.text(json, members.valueStart());
                if (label.toLowerCase(Locale.ROOT).contains(word)) {
                    return label;
                }
            }
        }
        return "";
    }

    private String image(String word) {
        byte[] json = body.bytes();
        for (byte[][] path : List.of(POD_CONTAINERS, TEMPLATE_CONTAINERS)) {
            int list = body.length() == 0 ? -1 : JsonScanner.find(json, 0, path);
            if (list >= 0) {
                JsonScanner.Elements containers = new JsonScanner.Elements(json, list);
                while (containers.next()) {
                    int image = JsonScanner.find(json, containers.start(), IMAGE);
                    String text = image < 0 ? "" : JsonScanner.text(json, image);
                    if (text.toLowerCase(Locale.ROOT).contains(word)) {
                        return text;
                    }
                }
            }
        }
        return "";
    }

    /** What went within the hour before, told by its name. */
    private void elsewhere(Permitted permitted, List<ResourceType> types, long time, ObjectNode answer)
            throws IOException {
        Set<String> names = new HashSet<>();
        long[] last = {0};
        for (ResourceType type : types) {
            permitted.history().changes(type, question.text("namespace"), time - HOUR, time, version -> {
                String name = (version.kind() + " " + version.key()).toLowerCase(Locale.ROOT);
                if (version.operation() == Operation.DELETED && words.stream().allMatch(name::contains)) {
                    names.add(name);
                    last[0] = Math.max(last[0], version.observedAt() - 1);
                }
                return true;
            });
        }
        if (!names.isEmpty()) {
            answer.putObject("elsewhere").put("count", names.size()).put("at", Math.floorDiv(last[0], 1_000_000));
        }
    }
}
