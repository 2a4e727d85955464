/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import java.util.List;
import java.util.SortedSet;
import java.util.regex.Pattern;

/**
 * One requirement on the labels of an object.
 *
 * @param values sorted; none for the existence operators
 */
record LabelRequirement(String key, Operator operator, List<String> values) {

    enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER,
        LESS
    }

    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern PREFIX =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

    static LabelRequirement of(String key, Operator operator, SortedSet<String> values) {
        checkKey(key);
        int index = 0;
        for (String value : values) {
            if (operator == Operator.GREATER || operator == Operator.LESS) {
                if (!isInteger(value)) {
                    throw new SelectorException("unable to parse requirement: values[" + index + "]: Invalid value: \""
                            + value + "\": for 'Gt', 'Lt' operators, the value must be an integer");
                }
            }
            checkValue(key, value, index);
            index++;
        }
        return new LabelRequirement(key, operator, List.copyOf(values));
    }

    /** @param value the object's value of the key; null if it has none */
    boolean matches(String value) {
        return switch (operator) {
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case GREATER -> isInteger(value) && Long.parseLong(value) > Long.parseLong(values.getFirst());
            case LESS -> isInteger(value) && Long.parseLong(value) < Long.parseLong(values.getFirst());
        };
    }

    private static boolean isInteger(String value) {
        if (value == null) {
            return false;
        }
        try {
            Long.parseLong(value);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    static void checkKey(String key) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? null : key.substring(0, slash);
        String name = key.substring(slash + 1);
        String problem = null;
        if (name.indexOf('/') >= 0) {
            problem =
                    "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                            + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g."
                            + " 'example.com/MyName')";
        } else if (prefix != null && prefix.isEmpty()) {
            problem = "prefix part must be non-empty";
        } else if (prefix != null
                && (prefix.length() > 253 || !PREFIX.matcher(prefix).matches())) {
            problem =
                    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                            + " must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                            + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
        } else if (name.isEmpty()) {
            problem = "name part must be non-empty";
        } else if (name.length() > 63) {
            problem = "name part must be no more than 63 bytes";
        } else if (!NAME.matcher(name).matches()) {
            problem =
                    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                            + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                            + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
        }
        if (problem != null) {
            throw new SelectorException(
                    "unable to parse requirement: <nil>: Invalid value: \"" + key + "\": " + problem);
        }
    }

    private static void checkValue(String key, String value, int index) {
        String problem = null;
        if (value.length() > 63) {
            problem = "must be no more than 63 bytes";
        } else if (!VALUE.matcher(value).matches()) {
            problem =
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and"
                            + " end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for"
                            + " validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
        }
        if (problem != null) {
            throw new SelectorException("unable to parse requirement: values[" + index + "][" + key
                    + "]: Invalid value: \"" + value + "\": " + problem);
        }
    }
}
