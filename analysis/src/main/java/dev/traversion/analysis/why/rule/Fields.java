/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of objects by the paths of changes. */
final class Fields {

    private static final Pattern TIME = Pattern.compile("(?<![A-Za-z0-9.])(\\d+(?:\\.\\d+)?)(ms|s|m)(?![A-Za-z0-9])");
    private static final Pattern STEP =
            Pattern.compile("\\[\"([^\"]*)\"\\]|\\[(\\w+)=([^\\]]*)\\]|\\[(\\d+)\\]|\\.?([A-Za-z0-9_-]+)");

    private Fields() {}

    /** A missing node if there is nothing. */
    static JsonNode value(JsonNode object, String path) {
        JsonNode at = object;
        Matcher steps = STEP.matcher(path);
        while (steps.find()) {
            if (steps.group(1) != null) {
                at = at.path(steps.group(1));
            } else if (steps.group(2) != null) {
                JsonNode list = at;
                at = list.path(-1);
                for (JsonNode element : list) {
                    if (element.path(steps.group(2)).asText().equals(steps.group(3))) {
                        at = element;
                    }
                }
            } else if (steps.group(4) != null) {
                at = at.path(Integer.parseInt(steps.group(4)));
            } else {
                at = at.path(steps.group(5));
            }
        }
        return at;
    }

    /** Where the last step of a path begins. */
    static int lastStep(String path) {
        int last = 0;
        Matcher steps = STEP.matcher(path);
        while (steps.find()) {
            last = steps.start();
        }
        return last;
    }

    /** Of a step such as {@code .name} or {@code ["name"]}. */
    static String name(String step) {
        Matcher matcher = STEP.matcher(step);
        return !matcher.find() ? "" : matcher.group(1) != null ? matcher.group(1) : String.valueOf(matcher.group(5));
    }

    /** Whether a change brought a longer time, such as {@code --delay=4s}; {@code 100m} of a CPU is none. */
    static boolean lengthens(Change change) {
        return !change.path().contains(".resources") && longest(change.now()) > longest(change.old());
    }

    /** The longest time in a value, s; 0 if there is none. */
    static double longest(JsonNode value) {
        double longest = 0;
        Matcher time = TIME.matcher(String.valueOf(value));
        while (time.find()) {
            double unit =
                    switch (time.group(2)) {
                        case "ms" -> 0.001;
                        case "s" -> 1;
                        default -> 60;
                    };
            longest = Math.max(longest, Double.parseDouble(time.group(1)) * unit);
        }
        return longest;
    }

    /** Whether what a change brought was there all the time until a moment: what was put back harms nobody. */
    static boolean stands(World world, Change change, long until) {
        JsonNode brought = value(change.after().body(), change.path());
        return stands(world, change, until, version -> value(version.body(), change.path())
                .equals(brought));
    }

    /** The same of something that follows from what it brought. */
    static boolean stands(World world, Change change, long until, Predicate<Version> holds) {
        return world.versions(change.key()).stream()
                .filter(version -> version.at() >= change.at() && version.at() <= until)
                .allMatch(version -> !version.deleted() && holds.test(version));
    }
}
