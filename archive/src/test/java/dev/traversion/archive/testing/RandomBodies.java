/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random objects as compact JSON, with managedFields first, in the middle, last, empty or not there. */
public final class RandomBodies {

    private static final String[] TEXTS = {
        "",
        "a",
        "value",
        "\\\"quoted\\\"",
        "back\\\\slash",
        "\\u00e4\\ud83d\\ude00",
        "äöü",
        "日本語",
        "😀",
        "a,b}]{[:",
        "\\n\\t",
        "managedFields",
        "\\\\",
        "\\\\\\\""
    };

    private final Random random;

    public RandomBodies(Random random) {
        this.random = random;
    }

    /** @param size bytes, about */
    public byte[] next(int size) {
        List<String> metadata = new ArrayList<>(List.of("\"name\":" + text(), "\"labels\":" + object(1)));
        Collections.shuffle(metadata, random);
        if (random.nextInt(5) > 0) {
            metadata.add(random.nextInt(metadata.size() + 1), "\"managedFields\":" + managedFields());
        }
        if (random.nextInt(10) == 0) {
            metadata.removeIf(member -> !member.startsWith("\"managedFields"));
        }
        List<String> members = new ArrayList<>();
        members.add("\"kind\":\"Thing\"");
        members.add("\"metadata\":{" + String.join(",", metadata) + "}");
        members.add("\"spec\":" + object(3));
        members.add("\"data\":" + data(size));
        if (random.nextInt(3) == 0) {
            Collections.shuffle(members, random);
        }
        return ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private String managedFields() {
        List<String> entries = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            entries.add("{\"manager\":" + text() + ",\"operation\":\"Update\",\"time\":\"2026-01-01T00:00:0"
                    + random.nextInt(10) + "Z\",\"fieldsV1\":" + object(2) + "}");
        }
        return random.nextInt(8) == 0 ? "null" : "[" + String.join(",", entries) + "]";
    }

    private String data(int size) {
        StringBuilder text = new StringBuilder("\"");
        while (text.length() < size) {
            text.append(TEXTS[random.nextInt(TEXTS.length)]).append(random.nextLong());
        }
        return text.append('"').toString();
    }

    /** A random value. */
    public String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> Integer.toString(random.nextInt(2000) - 1000);
            case 1 -> Double.toString(random.nextDouble());
            case 2 -> random.nextBoolean() ? "true" : "null";
            case 5 -> object(depth - 1);
            case 6 -> array(depth - 1);
            default -> text();
        };
    }

    private String object(int depth) {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            members.add("\"k" + i + TEXTS[random.nextInt(TEXTS.length)] + "\":" + value(depth));
        }
        return "{" + String.join(",", members) + "}";
    }

    private String array(int depth) {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            elements.add(value(depth));
        }
        return "[" + String.join(",", elements) + "]";
    }

    private String text() {
        return "\"" + TEXTS[random.nextInt(TEXTS.length)] + random.nextInt(100) + "\"";
    }
}
