/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** JSON values as Go prints them: numbers by {@code fmt}, objects and lists by {@code encoding/json}. */
final class GoText {

    private GoText() {}

    /** A value as a text cell. */
    static String of(JsonNode value) {
        if (value.isNull()) {
            return "<no value>";
        }
        if (value.isContainerNode()) {
            StringBuilder json = new StringBuilder();
            write(value, json);
            return json.toString();
        }
        return isFraction(value) ? fraction(value.doubleValue(), -4, 6, 2) : value.asText();
    }

    /** Go keeps what fits 64 bits as an integer and the rest as a float. */
    static boolean isFraction(JsonNode value) {
        return value.isNumber() && !(value.isIntegralNumber() && value.canConvertToLong());
    }

    private static void write(JsonNode value, StringBuilder json) {
        if (value.isObject()) {
            Map<String, JsonNode> members = new TreeMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            json.append('{');
            members.forEach((name, member) -> {
                separate(json);
                quote(name, json);
                json.append(':');
                write(member, json);
            });
            json.append('}');
        } else if (value.isArray()) {
            json.append('[');
            for (JsonNode element : value) {
                separate(json);
                write(element, json);
            }
            json.append(']');
        } else if (value.isTextual()) {
            quote(value.textValue(), json);
        } else {
            json.append(isFraction(value) ? fraction(value.doubleValue(), -6, 21, 1) : value.asText());
        }
    }

    private static void separate(StringBuilder json) {
        char last = json.charAt(json.length() - 1);
        if (last != '{' && last != '[') {
            json.append(',');
        }
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> json.append(String.format("\\u%04x", (int) c));
                default -> json.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        json.append('"');
    }

    /**
     * The shortest decimal that reads back as the same number.
     *
     * @param leastPlain smallest decimal exponent written without an exponent
     * @param firstExponent smallest decimal exponent above zero that is written as one
     * @param exponentDigits least number of digits of an exponent
     */
    private static String fraction(double number, int leastPlain, int firstExponent, int exponentDigits) {
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.signum() == 0 ? 0 : decimal.precision() - decimal.scale() - 1;
        if (exponent >= leastPlain && exponent < firstExponent) {
            return decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String size = Integer.toString(Math.abs(exponent));
        String padded = size.length() < exponentDigits ? "0" + size : size;
        return (number < 0 ? "-" : "") + mantissa + (exponent < 0 ? "e-" : "e+") + padded;
    }
}
