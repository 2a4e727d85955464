/* SPDX-License-Identifier: Apache-2.0 */
/** The places of recordings, as the operator reaches them. */
package dev.traversion.operator.store;
