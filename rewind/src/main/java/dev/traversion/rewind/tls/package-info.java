/* SPDX-License-Identifier: Apache-2.0 */
/** TLS on loopback: kubectl sends a bearer token over https only. */
package dev.traversion.rewind.tls;
