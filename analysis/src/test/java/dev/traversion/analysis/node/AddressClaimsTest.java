/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressClaimsTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ObjectKey FIRST = new ObjectKey(PODS, "bank", "first");
    private static final ObjectKey SECOND = new ObjectKey(PODS, "shop", "second");
    private static final String ADDRESS = "10.1.0.9";

    private final AddressClaims claims = new AddressClaims();

    @Test
    void eachHasAnAddressInItsOwnTime() {
        learn(FIRST, true, ADDRESS, 10, 20);
        claims.end(FIRST, 100);
        learn(SECOND, true, "", 110, 110);
        learn(SECOND, true, ADDRESS, 110, 120);

        assertThat(claims.owner(ADDRESS, 5)).isEmpty();
        assertThat(claims.owner(ADDRESS, 15)).as("before the API told").contains(FIRST);
        assertThat(claims.owner(ADDRESS, 99)).contains(FIRST);
        assertThat(claims.owner(ADDRESS, 105)).as("nobody's").isEmpty();
        assertThat(claims.owner(ADDRESS, 115)).contains(SECOND);
        assertThat(claims.owner(ADDRESS, 1000)).contains(SECOND);
    }

    @Test
    void whileItIsHandedOverItIsNobodys() {
        learn(FIRST, true, ADDRESS, 10, 20);
        learn(SECOND, true, "", 90, 90);
        learn(SECOND, true, ADDRESS, 90, 95);
        claims.end(FIRST, 100);

        assertThat(claims.owner(ADDRESS, 89)).contains(FIRST);
        assertThat(claims.owner(ADDRESS, 92)).as("the API does not tell whose").isEmpty();
        assertThat(claims.owner(ADDRESS, 97)).contains(SECOND);
    }

    @Test
    void oneThatMayNotBeNamedHidesIt() {
        learn(FIRST, false, ADDRESS, 10, 20);
        learn(SECOND, true, "", 90, 90);
        learn(SECOND, true, ADDRESS, 90, 95);

        assertThat(claims.owner(ADDRESS, 50)).isEmpty();
        assertThat(claims.owner(ADDRESS, 92)).isEmpty();
        assertThat(claims.owner(ADDRESS, 97)).contains(SECOND);
    }

    private void learn(ObjectKey key, boolean isKnown, String address, long created, long at) {
        claims.learn(key, key, isKnown, address.isEmpty() ? Set.of() : Set.of(address), created, at);
    }
}
