/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;

/** Amounts as Kubernetes writes them: {@code 500m}, {@code 64Mi}, {@code 2e3}. */
public final class Quantities {

    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")),
            Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private Quantities() {}

    /** The amount in whole units; 0 if it is none. */
    public static double of(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        BigDecimal unit = end == text.length() ? BigDecimal.ONE : UNITS.get(text.substring(end));
        try {
            return unit == null
                    ? Double.parseDouble(text)
                    : Double.parseDouble(text.substring(0, end)) * unit.doubleValue();
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The amount of a value; what is missing is no amount at all. */
    public static double of(JsonNode value, double otherwise) {
        return value == null || value.isMissingNode() || value.isNull() ? otherwise : of(value.asText());
    }
}
