/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One clause of an Accept header, with its parameters but {@code q}. */
record MediaType(String type, Map<String, String> parameters, double quality) {

    /** The clauses of an Accept header, the most wanted first; without a header anything goes. */
    static List<MediaType> accepted(String header) {
        List<MediaType> clauses = new ArrayList<>();
        for (String clause : (header == null || header.isBlank() ? "*/*" : header).split(",")) {
            String[] parts = clause.split(";");
            Map<String, String> parameters = new LinkedHashMap<>();
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals > 0) {
                    String name = parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
                    String value = parts[i].substring(equals + 1).strip().replace("\"", "");
                    if (name.equals("q")) {
                        quality = quality(value);
                    } else {
                        parameters.put(name, value);
                    }
                }
            }
            clauses.add(new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters, quality));
        }
        clauses.sort(Comparator.comparingDouble((MediaType clause) -> -clause.quality()));
        return clauses;
    }

    private static double quality(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Whether a media type satisfies the clause. */
    boolean includes(String candidate) {
        return type.equals(candidate)
                || type.equals("*/*")
                || (type.endsWith("/*") && candidate.startsWith(type.substring(0, type.length() - 1)));
    }
}
