"""The words that addresses are made of, in Spanish, Catalan, Portuguese and English."""

from __future__ import annotations

from nlp.alternatives import any_of

KINDS = any_of("""
    calle callejón avenida avinguda avgda. avda. avd. plaza plazoleta plazuela placeta plaça praça pza. plza. paseo
    passeig pso. pº pº. carretera ctra. crta. camino camí cno. cmno. ronda rda. travesía trav. trva. glorieta pasaje
    passatge psje. pje. urbanización urb. polígono rambla bulevar boulevard blvd. bvd. bv. calzada calz. prolongación
    prol. privada priv. cerrada cda. andador circuito retorno eje diagonal diag. jirón jr. alameda costanera carrer
    carrera rua largo travessa travessera torrent subida bajada autopista malecón villa costanilla corredera senda
    sendero
""")
# "vía" is also a railway's and a news agency's
VIAS = any_of("Layetana Laietana Augusta Lusitana Carpetana Complutense Límite Trajana Favència Júlia")
GRID_KINDS = any_of("""
    calle cll. cl. carrera cra. kra. kr. cr. avenida av. ac ak diagonal diag. dg. transversal transv. tv. tr.
    circular circ.
""")
# what follows "la calle", "una plaza de", "avenida" where no name does
NOT_A_NAME = any_of("""
    hace está estaba es era hay había tiene tengo cortada cortado llena lleno desde durante por con sin más menos a
    en que lleva llevan llevo o ni no si se me te nos le al un una unos este mi tu su fue son va van voy cada hasta
    para como popular sólo garaje parking aparcamiento libre gratis quedan queda muy ya ayer hoy mañana profesional
    abrió entre casi cerca
""")
# these not even with a capital
NEVER_A_NAME = any_of("""
    is was were are and at for with from by on of in to only his her its this that the an it they we he she until
    before after outside near about or if against january february march april may june july august september october
    november december
""")
UNITS = any_of("""
    grado grados día días hora horas h minuto minutos min mins año años mes meses semana semanas metro metros m km am
    pm a.m. p.m. th st nd rd pt pts euro euros pesos persona personas vez veces estrellas minutes hours days miles
    people weeks years plazas puertas
""")
# in English the kind comes last
KINDS_EN = any_of("""
    street st. road rd. avenue ave. av. lane ln. drive dr. close court ct. place pl. terrace ter. way boulevard blvd.
    crescent cres. square sq. gardens gdns. grove row hill park parade mews walk highway hwy. parkway pkwy. circle
    cir. quay wharf green rise view loop trail trl. plaza heights meadow meadows villas yard gate bridge cottages
    estate drove vale turnpike broadway strand manor fields downs passage pass crossing xing ridge path end wood
    esplanade esp. promenade circuit cct. pde. tce. wynd brae embankment causeway croft alley mount dene hollow orchard
    bend mall
""")
# those that say street even in lower case: "7 elm close" may, "3 days on the way" may not
PLAIN_KINDS_EN = any_of("""
    street st. road rd. avenue ave. lane ln. drive dr. boulevard blvd. terrace crescent close gardens
""")
NOT_A_NAME_EN = any_of("""
    the a an of on in at to for from down up off along across mile miles minute minutes min mins hour hours day days
    week weeks month months year years times people more other different my your our this that one metres meters
    yards blocks stars and or was is per km pounds quid are street main same next busy by with but so if as about
    into over under out hr hrs kms long short quick way lane bed bedroom
""")
INSIDE = any_of("""
    piso pisos planta plantas puerta pta. escalera esc. bloque blq. bl. portal departamento depto. dpto. dto. depa
    apto. apartamento apt. interior int. oficina ofic. of. local torre casa edificio edif. edf. lote lt. manzana mz.
    unidad cuerpo timbre block conjunto sector número nave letra flat apartment unit suite ste. floor fl. room rm.
    chalet bungalow parcela adosado #
""")
SIDES = any_of("""
    esquerdo esq. direito frente fte. trás
    izquierda izqda. izq. izda. iz. derecha dcha. drcha. dch. dta. der. centro ctro. exterior ext. interior int.
""")
GROUND = any_of("""
    bajo bajos ático sobreático àtic entresuelo entlo. entl. principal pral. sótano entreplanta baixos PB r/c
    rés-do-chão
""")
AREAS = any_of("""
    colonia col. barrio bo. bº fraccionamiento fracc. urbanización urb. residencial delegación alcaldía villa cerro
    comuna distrito población condominio co. unidad ejido provincia municipio
""")
STATES = any_of("""
    N.L. Gto. Jal. Mich. Qro. Ver. Pue. Tamps. Chih. Coah. Son. Sin. Oax. Mor. Hgo. Yuc. B.C. B.C.S. Q.R. D.C. D.F.
    S.L.P.
""")
# towns that may follow without a comma or in lower case
TOWNS = any_of(
    """
    madrid, barcelona, valencia, valència, sevilla, zaragoza, málaga, murcia, palma, las palmas, bilbao, alicante,
    córdoba, valladolid, vigo, gijón, granada, oviedo, pamplona, almería, san sebastián, santander, burgos, albacete,
    salamanca, logroño, badajoz, huelva, león, tarragona, lleida, girona, cádiz, jaén, ourense, lugo, cáceres,
    guadalajara, toledo, pontevedra, palencia, zamora, ávila, cuenca, huesca, segovia, soria, teruel, ceuta, melilla,
    getafe, leganés, móstoles, alcorcón, hospitalet, badalona, terrassa, sabadell, elche, cartagena, jerez, marbella,
    a coruña, la coruña, vitoria, ciudad de méxico, cdmx, monterrey, puebla, tijuana, mérida, querétaro, cancún,
    toluca, zapopan, buenos aires, caba, rosario, la plata, mendoza, tucumán, mar del plata, salta, neuquén, santiago,
    valparaíso, concepción, viña del mar, temuco, antofagasta, bogotá, bogotá d.c., medellín, cali, barranquilla,
    bucaramanga, pereira, manizales, lima, arequipa, trujillo, cusco, piura, chiclayo, miraflores, montevideo, quito,
    guayaquil, london, manchester, birmingham, leeds, glasgow, edinburgh, liverpool, bristol, sheffield, cardiff,
    belfast, newcastle, nottingham, leicester, brighton, oxford, cambridge, york, dublin, cork, galway, limerick,
    waterford, new york, los angeles, chicago, houston, phoenix, philadelphia, san antonio, san diego, dallas, austin,
    boston, seattle, denver, miami, atlanta, portland, brooklyn, san francisco, lisboa, porto
    """,
    between=",",
)
COUNTRIES = any_of("""
    españa méxico argentina chile colombia perú spain ireland uk england scotland wales usa portugal uruguay ecuador
    cdmx caba edomex df d.f. bs.as.
""")
# capitals that begin the next thing said
NOT_A_TOWN = any_of("""
    Gracias Por Y Necesito Urgente Teléfono Tel Telf Tlf Tfno DNI NIF NIE CIF Mi Mis Soy Hola Saludos Un Una Se No Me
    Lo Le Les Os Ya Llevo Pero Qué Cuándo Quiero Vivo Ahí Alguien Envíen Enviad Enviadlo Espero Estoy Sigo Aunque
    Como Con Sin Si A En Está Es Nadie Hoy Mañana Ayer Pedido Correo Email Mail Móvil Celular Cel Cliente Please
    Thanks Thank The My I It Is We And But Phone Call Mobile Can Not They When Why Where How What This That Order
    January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug
    Sep Sept Oct Nov Dec Enero Febrero Marzo Abril Mayo Junio Julio Agosto Septiembre Octubre Noviembre Diciembre
    Interstate Monday Tuesday Wednesday Thursday Friday Saturday Sunday Lunes Martes Miércoles Jueves Viernes Sábado
    Domingo NO YA ES EN SE Cheers Best Kind Regards Thx Help Or So If Also You Your Our Nobody Nothing Still Favor
    Fue He Han Ha Hemos Tengo Flat Unit Apt Apartment Suite Floor Piso Depto Dpto Apto
""")
