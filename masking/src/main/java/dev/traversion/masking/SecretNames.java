/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Which names the rules call secret, remembered: the same few come again in every object. Safe for concurrent use. */
final class SecretNames {

    private static final int MOST_REMEMBERED = 4_096;

    private final MaskingRules rules;
    private final Map<String, Boolean> fields = new ConcurrentHashMap<>();
    private final Map<String, Boolean> environment = new ConcurrentHashMap<>();
    private final Map<String, Boolean> numbers = new ConcurrentHashMap<>();

    SecretNames(MaskingRules rules) {
        this.rules = rules;
    }

    boolean isSecretField(String name) {
        return remembered(fields, name, rules::isSecretField);
    }

    boolean isSecretEnv(String name) {
        return remembered(environment, name, rules::isSecretEnv);
    }

    boolean isSecretNumber(String name) {
        return remembered(numbers, name, rules::isSecretNumber);
    }

    private static boolean remembered(Map<String, Boolean> answers, String name, Predicate<String> rule) {
        Boolean known = answers.get(name);
        if (known != null) {
            return known;
        }
        if (answers.size() >= MOST_REMEMBERED) {
            answers.clear();
        }
        boolean secret = rule.test(name);
        answers.put(name, secret);
        return secret;
    }
}
