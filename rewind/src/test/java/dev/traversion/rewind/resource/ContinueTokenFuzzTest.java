/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.ResourceType;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.rewind.http.StatusFailure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

class ContinueTokenFuzzTest implements FuzzTargets {

    @FuzzTest
    void anyTokenIsReadOrRefused(byte[] input) {
        for (String text : new String[] {
            new String(input, StandardCharsets.UTF_8), Base64.getUrlEncoder().encodeToString(input)
        }) {
            try {
                ContinueToken token = ContinueToken.parse(text);
                assertThat(ContinueToken.parse(token.encode())).isEqualTo(token);
                assertThat(token.key(new ResourceType("", "pods"))).isNotNull();
            } catch (StatusFailure e) {
                assertThat(e).isNotNull();
            }
        }
    }

    @FuzzTest
    void whatIsHandedOutComesBack(byte[] input) {
        Choices choices = new Choices(input);
        ContinueToken token =
                new ContinueToken(choices.number(), choices.number(), choices.text(20), choices.text(300));
        assertThat(ContinueToken.parse(token.encode())).isEqualTo(token);
    }
}
