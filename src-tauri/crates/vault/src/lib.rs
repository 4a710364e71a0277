//! The encrypted store on SQLCipher and the key slots that open it.
